import { formatUsd } from '@parsimony/contract';
import { NOW } from '../database/clock.js';
import { recordEvents } from '../database/record-events.js';
import { inTransaction } from '../database/transaction.js';
import { GRACE } from '../lending/lease-sums.js';
import type { Job } from './job.js';

interface LostLease {
  readonly now: Date;
  readonly eventId: string;
  readonly tenantId: string;
  readonly budgetId: string;
  readonly leaseId: string;
  readonly holder: string;
  readonly withheld: string;
}

/** Records, once for each, that a process fell silent with money of which only its journal can tell. */
export const reportLostLeases: Job = {
  name: 'report-lost-leases',
  everyMs: 0,
  async run({ pool, clock }) {
    await inTransaction(pool, async (client) => {
      const { rows } = await client.query<LostLease>(LOST, [clock()]);
      const events = rows.map(({ eventId, tenantId, budgetId, leaseId, holder, withheld }) => {
        const detail = { leaseId, holder, withheldUsd: formatUsd(BigInt(withheld)) };
        return { id: eventId, tenantId, budgetId, kind: 'lease-lost', detail } as const;
      });
      await recordEvents(client, events, rows[0]?.now ?? new Date());
    });
  },
};

// A lease that was let go in order has nothing beyond what is known. The event's id is made of the lease's: it is found
// by its key.
const LOST = `
WITH clock AS MATERIALIZED (SELECT ${NOW} AS now)
SELECT clock.now, event.id AS "eventId", lease.tenant_id AS "tenantId", account.budget_id AS "budgetId",
       lease.id AS "leaseId", lease.holder, lease.granted - lease.spent - lease.unconfirmed AS withheld
  FROM clock
  JOIN budget_lease AS lease ON lease.closed_at IS NULL AND lease.expires_at + ${GRACE} < clock.now
   AND lease.granted > lease.spent + lease.unconfirmed
  JOIN budget_account AS account ON (account.tenant_id, account.id) = (lease.tenant_id, lease.account_id)
   AND account.unit = 'pico-dollars',
  LATERAL (SELECT md5('lease-lost/' || lease.id)::uuid AS id) AS event
 WHERE NOT EXISTS (SELECT FROM budget_event AS told WHERE (told.tenant_id, told.id) = (lease.tenant_id, event.id))
 ORDER BY lease.id LIMIT 1000`;
