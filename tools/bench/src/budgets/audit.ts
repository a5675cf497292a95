import type { PicoDollars } from '@parsimony/contract';
import { until } from '@parsimony/demo';
import type { CappedTenant, Standing } from './capped-tenant.js';

/** What the books say of one tenant's calls when all is at rest. */
export interface Audit {
  readonly ledger: PicoDollars;
  readonly standing: Standing;
  /** Calls that stand in the ledger more than once. */
  readonly doubled: number;
  /** Calls whose cost nobody knows exactly. */
  readonly inexact: number;
}

/** Gateways tell of what they spent within a second; what a dead one left is settled by the leading service. */
const RECONCILED_MS = 120_000;

/**
 * Waits until budget and ledger say the same, and reads both. Call it when every call is in the ledger.
 *
 * @throws Error where they never agree.
 */
export async function audit(tenant: CappedTenant, budgetId: string): Promise<Audit> {
  const lines = await tenant.ledger.by('MODEL');
  const ledger = lines.reduce((sum, { cost }) => sum + cost, 0n);
  let seen: Standing | undefined;
  const standing = await until(
    async () => {
      seen = await tenant.standing(budgetId);
      return seen.spent === ledger && seen.reserved === 0n && seen.lost === 0 ? seen : undefined;
    },
    { what: () => `budget and ledger (${ledger}) to agree: ${describe(seen)}`, timeoutMs: RECONCILED_MS },
  );
  const times = new Map<string, number>();
  let inexact = 0;
  for await (const { id, settlement } of tenant.ledger.calls()) {
    times.set(id, (times.get(id) ?? 0) + 1);
    if (settlement !== 'EXACT') inexact++;
  }
  return { ledger, standing, inexact, doubled: [...times.values()].filter((count) => count > 1).length };
}

function describe(standing: Standing | undefined): string {
  if (!standing) return 'no standing';
  const { spent, reserved, unconfirmed, lost } = standing;
  return `spent ${spent}, reserved ${reserved}, unconfirmed ${unconfirmed}, ${lost} leases lost`;
}
