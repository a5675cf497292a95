import { randomUUID } from 'node:crypto';
import { formatUsd } from '@parsimony/contract';
import { newId } from '@parsimony/tenancy';
import type { DataSource } from 'typeorm';

/** A call as the ledger shall have it: its rungs, and its end in a row of its own where `apart` says so. */
export interface LedgerCallFacts {
  readonly tenantId: string;
  readonly at: Date;
  readonly callId?: string;
  readonly teamId?: string;
  readonly keyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly tier?: string;
  readonly rungs?: number;
  readonly apart?: boolean;
  readonly status?: string;
  readonly cache?: string;
  readonly costOfRung?: bigint;
  readonly saved?: bigint;
  readonly latencyMs?: number;
  readonly tokens?: { readonly input: number; readonly cachedInput: number; readonly output: number };
}

/** Writes a call to the ledger as the flusher would. @returns its id. */
export async function insertCall(dataSource: DataSource, facts: LedgerCallFacts): Promise<string> {
  const { tenantId, at, callId = newId(), rungs = 1, apart = false, model = 'small', costOfRung = 1_000_000n } = facts;
  const { input, cachedInput, output } = facts.tokens ?? { input: 10, cachedInput: 0, output: 5 };
  await dataSource.query('SELECT ensure_usage_partition($1)', [at]);
  const shared = {
    tenant_id: tenantId,
    at,
    call_id: callId,
    team_id: facts.teamId ?? null,
    key_id: facts.keyId ?? randomUUID(),
    operation: 'chat.completions',
    requested_model: 'auto',
    tags: facts.tags ? JSON.stringify(facts.tags) : null,
    streamed: false,
  };
  const closing = {
    closes: true,
    status: facts.status ?? 'ok',
    cache: facts.cache ?? 'miss',
    saved: formatUsd(facts.saved ?? 0n),
    latency_ms: facts.latencyMs ?? 10,
  };
  for (let rung = 0; rung < rungs; rung++) {
    await insert(dataSource, {
      ...shared,
      rung,
      provider: 'openai',
      model,
      tier: facts.tier ?? null,
      purpose: 'completion',
      settlement: 'exact',
      rung_status: 'ok',
      rung_latency_ms: 5,
      input,
      cached_input: cachedInput,
      output,
      cost: formatUsd(costOfRung),
      reserved: formatUsd(costOfRung),
      ...(!apart && rung === rungs - 1 ? closing : { closes: false }),
    });
  }
  if (apart || rungs === 0) await insert(dataSource, { ...shared, rung: rungs, cost: '0', reserved: '0', ...closing });
  return callId;
}

async function insert(dataSource: DataSource, row: Readonly<Record<string, unknown>>): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await dataSource.query(`INSERT INTO usage (${columns.join(', ')}) VALUES (${places.join(', ')})`, Object.values(row));
}
