import { NOW } from '../database/clock.js';
import type { Job } from './job.js';

/** Gives up what nobody asks for any more. */
export const prune: Job = {
  name: 'prune',
  everyMs: 60_000,
  async run({ pool, clock }) {
    for (const statement of STATEMENTS) await pool.query(statement, [clock()]);
  },
};

const STATEMENTS = [
  // Minutes of rate limits; their leases go with them.
  `DELETE FROM budget_account
    WHERE final_at IS NULL AND unit IN ('requests', 'tokens') AND period_end < ${NOW} - interval '10 minutes'`,
  // Calls at once: one account for ever, and a lease of each process that there ever was.
  `DELETE FROM budget_lease AS lease USING budget_account AS account
    WHERE (account.tenant_id, account.id) = (lease.tenant_id, lease.account_id)
      AND account.unit = 'calls' AND lease.expires_at < ${NOW} - interval '1 day'`,
  `DELETE FROM budget_lease AS lease USING budget_account AS account
    WHERE (account.tenant_id, account.id) = (lease.tenant_id, lease.account_id)
      AND account.final_at < ${NOW} - interval '400 days'`,
  `DELETE FROM closed_journal AS journal
    WHERE at < ${NOW} - interval '30 days'
      AND NOT EXISTS (SELECT FROM budget_lease WHERE holder = journal.instance AND closed_at IS NULL)`,
];
