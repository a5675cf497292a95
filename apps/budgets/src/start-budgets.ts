import type { AddressInfo } from 'node:net';
import type { BudgetsOptions } from './budgets-options.js';
import { clockOf } from './database/clock.js';
import { openPool } from './database/open-pool.js';
import { closeInOrder } from './http/close-in-order.js';
import { createServer } from './http/create-server.js';
import { ServiceToken } from './http/service-token.js';
import { endCredits } from './jobs/end-credits.js';
import { finaliseAccounts } from './jobs/finalise-accounts.js';
import { passThresholds } from './jobs/pass-thresholds.js';
import { prune } from './jobs/prune.js';
import { recountBase } from './jobs/recount-base.js';
import { reportLostLeases } from './jobs/report-lost-leases.js';
import { settleJournals } from './jobs/settle-journals.js';
import { JobRunner } from './leader/job-runner.js';
import { Leader } from './leader/leader.js';
import { LendingStore } from './lending/lending-store.js';
import { BudgetsMetrics } from './metrics/budgets-metrics.js';
import { openLeases } from './metrics/open-leases.js';

const LOOPBACK = '127.0.0.1';
const LEASE_MS = 60_000;
const LEADER_EVERY_MS = 1_000;
const EXCHANGE_CONNECTIONS = 10;
const EXCHANGE_PATIENCE_MS = 10_000;
const JOB_CONNECTIONS = 2;
/** A count of a month's ledger takes its time. */
const JOB_PATIENCE_MS = 120_000;

/** In this order: what is settled is seen by those that come after. */
const JOBS = [settleJournals, reportLostLeases, recountBase, endCredits, finaliseAccounts, passThresholds, prune];

export interface BudgetsService {
  readonly url: string;
  /** Whether this instance runs the background jobs: one of all on a database does. */
  readonly leads: boolean;
  /** Stops in order: exchanges under way are answered, and another instance can lead. */
  stop(): Promise<void>;
}

/**
 * Starts the budgets service; it listens when the promise resolves, even where the database is away.
 *
 * @throws the error of the socket where it cannot listen.
 */
export async function startBudgets(options: BudgetsOptions): Promise<BudgetsService> {
  const { databaseUrl: url, token, logger, host = LOOPBACK, port = 0 } = options;
  const clock = clockOf(options.now);
  const metrics = new BudgetsMetrics();
  const pool = openPool({
    ...{ url, logger, name: 'parsimony budgets' },
    ...{ connections: EXCHANGE_CONNECTIONS, patienceMs: EXCHANGE_PATIENCE_MS },
  });
  const jobPool = openPool({
    ...{ url, logger, name: 'parsimony budgets jobs' },
    ...{ connections: JOB_CONNECTIONS, patienceMs: JOB_PATIENCE_MS },
  });
  const store = new LendingStore(pool, clock, options.leaseMs ?? LEASE_MS, metrics);
  const runner = new JobRunner(JOBS, { pool: jobPool, clock, logger }, (job) => metrics.jobFailed(job));
  const server = createServer({
    ...{ logger, token: new ServiceToken(token), metrics: metrics.registry },
    exchange: (request) => store.exchange(request),
    answered: (outcome, seconds) => metrics.answered(outcome, seconds),
    leads: () => leader.leads,
    askDatabase: () => pool.query('SELECT 1'),
  });
  const closeServer = closeInOrder(server, EXCHANGE_PATIENCE_MS);
  metrics.observeLeases(() => openLeases(jobPool));
  metrics.observeLeader(() => leader.leads);
  try {
    await server.listen({ host, port });
  } catch (error) {
    await Promise.all([pool.end(), jobPool.end()]);
    throw error;
  }
  const leader = new Leader({
    ...{ url, logger, everyMs: options.leaderEveryMs ?? LEADER_EVERY_MS },
    work: (signal) => runner.run(signal),
  });
  const stop = async (): Promise<void> => {
    await closeServer();
    await leader[Symbol.asyncDispose]();
    await Promise.all([pool.end(), jobPool.end()]);
  };
  let stopped: Promise<void> | undefined;
  return {
    url: addressOf(server.server.address() as AddressInfo),
    get leads() {
      return leader.leads;
    },
    stop: () => (stopped ??= stop()),
  };
}

function addressOf({ family, address, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
