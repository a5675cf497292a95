import type { RejectedRows } from '@parsimony/metering';
import { observedGauge, observeProviders } from '@parsimony/telemetry';
import type { GatewayCore } from './gateway-core.js';

/** What the parts of a gateway show of themselves to whoever scrapes. */
export function observeCore(core: GatewayCore, rejects: RejectedRows): void {
  const { metrics, runner, drains, journal, health, lending } = core;
  const gauge = (name: string, help: string, read: () => number): void => observedGauge(metrics, name, help, read);
  gauge('parsimony_calls_under_way', 'Calls that have not been answered yet', () => runner.callsUnderWay);
  gauge('parsimony_drains_under_way', 'Answers that are read on after their callers left', () => drains.size);
  gauge('parsimony_journal_backlog_bytes', 'Journal that the database does not have yet', () => journal.backlogBytes);
  gauge('parsimony_journal_open_reservations', 'Provider calls not settled yet', () => journal.openReservations);
  gauge('parsimony_journal_unwritten', 'Settlements that wait in memory for the disk', () => journal.unwritten);
  gauge('parsimony_ledger_rejected_rows', 'Rows that the database refused', () => rejects.count);
  gauge('parsimony_lease_allowances', 'Limits under which this gateway spends', () => lending.book.status.allowances);
  gauge(
    'parsimony_lease_waiters',
    'Calls that wait for money or for the budgets service',
    () => lending.book.status.waiting,
  );
  gauge('parsimony_lease_away', '1 while the budgets service does not answer', () => Number(lending.book.status.away));
  gauge(
    'parsimony_lease_uncovered',
    'Times that calls under a HARD budget began to go on without a lease',
    () => lending.uncovered,
  );
  observeProviders(metrics, () => health.report().filter(({ provider }) => !provider.includes('/')));
}
