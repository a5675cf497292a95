import { parseUsd, type PicoDollars } from '@parsimony/contract';
import { DEFAULT_OPTIONS, witness, type WitnessReport } from '@parsimony/witness';
import { audit, type Audit } from './audit.js';
import { CappedTenant } from './capped-tenant.js';
import type { Fleet } from './fleet.js';
import { killAtShares } from './kill-at-shares.js';

export interface CapOptions {
  readonly seed: number;
  readonly cap: PicoDollars;
  /** At each gateway. */
  readonly callers: number;
  readonly stopAfterRefusals: number;
  /** Shares of the cap at which a further gateway is killed; empty: none is. */
  readonly killAt: readonly number[];
}

export interface CapRun {
  readonly seed: number;
  readonly report: WitnessReport;
  readonly audit: Audit;
  readonly killed: number;
}

export const CAP = parseUsd('1');
const LARGEST_ANSWER = 400;
/**
 * Answers of every length, at a pace at which hundreds are under way at once. A provider goes on when a gateway was
 * killed, and bills it.
 */
const PACE = {
  latencyMs: 20,
  tokensPerSecond: 1_000,
  answerTokens: { min: 20, max: LARGEST_ANSWER },
  onDisconnect: 'finish',
} as const;
const TIMEOUT_MS = 300_000;
const TIERS = { economy: ['openai/gpt-4.1-nano'] };
/** What a dead gateway holds does not come back: who waits for it waits in vain. */
const SHORT_WAIT = { waitMs: 2_000 };

/** One seed: callers at every gateway of the fleet spend one key's budget to the end, then the books are held together. */
export async function runCap(fleet: Fleet, options: CapOptions, signal: AbortSignal): Promise<CapRun> {
  const { seed, cap, callers, stopAfterRefusals, killAt } = options;
  const { deployment, provider } = fleet;
  await fleet.startAll();
  provider.configure({ ...PACE, seed });
  const document = { tiers: TIERS, ...(killAt.length > 0 && { budgets: SHORT_WAIT }) };
  const tenant = await CappedTenant.create(deployment, `seed ${seed} ${Date.now()}`, document);
  const budgetId = await tenant.setBudget(cap, { apiKeyId: tenant.keyId });

  const killing = new AbortController();
  const kills = killAtShares(fleet, { cap, shares: killAt }, AbortSignal.any([signal, killing.signal]));
  let report: WitnessReport;
  try {
    report = await witness(
      {
        ...DEFAULT_OPTIONS,
        ...{
          baseUrls: fleet.urls.map((url) => `${url}/v1`),
          key: tenant.key,
          billUrl: `${provider.url}/simulator/bill`,
        },
        ...{ cap, callers, seed, stopAfterRefusals, largestAnswer: LARGEST_ANSWER, timeoutMs: TIMEOUT_MS },
      },
      signal,
    );
  } finally {
    killing.abort();
    await kills;
  }
  const killed = await kills;
  await fleet.startAll();
  await fleet.settle();
  return { seed, report, killed, audit: await audit(tenant, budgetId) };
}
