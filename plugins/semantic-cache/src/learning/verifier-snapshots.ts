import type { PluginDatabase } from '@parsimony/contract';
import type { VerifierState } from '../verification/index.js';

/** What was folded of a tenant's observations, up to a number. */
export interface Snapshot {
  readonly seq: number;
  /** By kind. */
  readonly states: Readonly<Record<string, VerifierState>>;
}

const LOAD = 'SELECT seq, state FROM verifier WHERE tenant_id = $1::uuid';

// A gateway that lags behind must not take back what another has saved.
const SAVE = `
INSERT INTO verifier (tenant_id, seq, state) VALUES ($1::uuid, $2::bigint, $3::json)
ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq, state = excluded.state WHERE verifier.seq < excluded.seq`;

const PRUNE = 'DELETE FROM observation WHERE tenant_id = $1::uuid AND seq <= $2::bigint';

/** So many observations stay behind a snapshot: for gateways that lag, and for comparing embedders on them. */
const KEPT_OBSERVATIONS = 50_000;

export class VerifierSnapshots {
  constructor(private readonly database: PluginDatabase) {}

  /** @throws DatabaseUnavailable */
  async load(tenantId: string): Promise<Snapshot> {
    const [row] = await this.database.query<{ seq: string; state: Snapshot['states'] }>(LOAD, [tenantId]);
    return row ? { seq: Number(row.seq), states: row.state } : { seq: 0, states: {} };
  }

  /** @throws DatabaseUnavailable */
  async save(tenantId: string, { seq, states }: Snapshot): Promise<void> {
    await this.database.query(SAVE, [tenantId, seq, JSON.stringify(states)]);
    if (seq > KEPT_OBSERVATIONS) await this.database.query(PRUNE, [tenantId, seq - KEPT_OBSERVATIONS]);
  }
}
