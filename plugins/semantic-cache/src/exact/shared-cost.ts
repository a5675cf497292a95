import { formatUsd } from '@parsimony/contract';
import type { Decision, JsonObject, PicoDollars } from '@parsimony/contract';

const PLUGIN = 'semantic-cache';

/** What the record of a call says that got the answer of another one. */
export function sharedDecision(leaderId: string, share: PicoDollars | undefined): Decision {
  const detail: JsonObject = { cause: 'shared', callId: leaderId, ...shareDetail(share) };
  return { plugin: PLUGIN, summary: 'shared the answer of an equal call that was under way', detail };
}

/** What the record of the call says that was made for others as well. */
export function leaderDecision(callers: number, share: PicoDollars): Decision {
  return {
    plugin: PLUGIN,
    summary: `shared its answer with ${callers - 1} equal calls`,
    detail: { callers, ...shareDetail(share) },
  };
}

/** Equal shares of a cost among all callers of a flight; the first one bears what does not divide. */
export function shareOf(cost: PicoDollars, callers: number, isFirst: boolean): PicoDollars {
  const equal = cost / BigInt(callers);
  return isFirst ? cost - equal * BigInt(callers - 1) : equal;
}

function shareDetail(share: PicoDollars | undefined): JsonObject {
  return share === undefined ? {} : { share: formatUsd(share) };
}
