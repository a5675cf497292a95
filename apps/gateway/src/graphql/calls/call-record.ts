import { USAGE_BUCKETS } from '@parsimony/contract';
import type { Decision, JsonObject, PicoDollars, Settlement, SidePurpose, UsageBucket } from '@parsimony/contract';
import type { UsageRow } from '@parsimony/persistence';
import type { CallRecordObject, CallRungObject } from './call-record.type.js';

/** From sure to unsure. */
const SETTLEMENTS = ['exact', 'at-least', 'unconfirmed'] as const satisfies readonly Settlement[];
const SETTLEMENT_NAMES = { exact: 'EXACT', 'at-least': 'AT_LEAST', unconfirmed: 'UNCONFIRMED' } as const;

const INPUT_BUCKETS = ['input', 'cachedInput', 'cacheWrite', 'cacheWriteLong', 'inputAudio'] as const;
const OUTPUT_BUCKETS = ['output', 'reasoning', 'outputAudio'] as const;

/** For what plugins ask on their own account. */
const SIDE_PURPOSES: readonly string[] = ['embedding', 'judge'] satisfies readonly SidePurpose[];

/** Puts the ledger rows of one call together. @param rows all rows of the call, ascending by rung. */
export function toCallRecord(rows: readonly [UsageRow, ...UsageRow[]]): CallRecordObject {
  const [{ callId, at, tenantId, teamId, keyId, operation, requestedModel }] = rows;
  const closing = rows.findLast(({ closes }) => closes);
  const rungs = rows.filter(isRung);
  return {
    id: callId,
    at,
    operation,
    status: closing?.status ?? 'interrupted',
    errorCode: closing?.errorCode ?? null,
    tenantId,
    teamId,
    apiKeyId: keyId,
    requestedModel,
    model: modelOf(rungs.findLast(({ purpose }) => !SIDE_PURPOSES.includes(purpose)) ?? closing),
    cache: closing?.cache ?? 'miss',
    cost: rows.reduce<PicoDollars>((sum, { cost }) => sum + cost, 0n),
    saved: closing?.saved ?? 0n,
    settlement: SETTLEMENT_NAMES[leastSure(rungs)],
    inputTokens: used(rungs, INPUT_BUCKETS),
    cachedInputTokens: used(rungs, ['cachedInput']),
    outputTokens: used(rungs, OUTPUT_BUCKETS),
    characters: used(rungs, ['characters']),
    seconds: used(rungs, ['seconds']),
    searches: used(rungs, ['searches']),
    latencyMs: closing?.latencyMs ?? 0,
    rungs: rungs.map(toRung),
    decisions: (closing?.decisions ?? []) as readonly Decision[],
  };
}

type Rung = UsageRow & { readonly provider: string; readonly model: string; readonly purpose: string };

/** A row that only ends a call may name a model, which is where a cache's answer came from once, and has no purpose. */
function isRung(row: UsageRow): row is Rung {
  return row.purpose !== null;
}

function modelOf(row: UsageRow | undefined): string | null {
  return row?.provider != null && row.model !== null ? `${row.provider}/${row.model}` : null;
}

function toRung(row: Rung): CallRungObject {
  const { provider, model, purpose, cost, rungStatus, rungLatencyMs } = row;
  const usage = Object.fromEntries(USAGE_BUCKETS.map((bucket) => [bucket, row[bucket]]));
  return {
    provider,
    model,
    purpose,
    cost,
    status: rungStatus ?? 'failed',
    usage: usage satisfies JsonObject,
    latencyMs: rungLatencyMs ?? 0,
  };
}

function leastSure(rungs: readonly Rung[]): Settlement {
  return SETTLEMENTS.findLast((settlement) => rungs.some((rung) => rung.settlement === settlement)) ?? 'exact';
}

function used(rungs: readonly Rung[], buckets: readonly UsageBucket[]): number {
  return rungs.reduce((sum, rung) => sum + buckets.reduce((of, bucket) => of + rung[bucket], 0), 0);
}
