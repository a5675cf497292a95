import { createRegistry, observedGauge, type Registry } from '@parsimony/telemetry';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Decision } from '../lending/lending-round.js';

/** What is lent now, by unit. */
export interface OpenLeases {
  readonly unit: string;
  readonly leases: number;
  /** Granted, and not yet spent: whole units; dollars for money. */
  readonly idle: number;
}

/** Metrics of the budgets service, in the units that Prometheus recommends. */
export class BudgetsMetrics {
  readonly registry: Registry = createRegistry();
  readonly #exchanges: Counter<'outcome'>;
  readonly #seconds: Histogram;
  readonly #answers: Counter<'state'>;
  readonly #short: Counter<'unit'>;
  readonly #overdrafts: Counter<'unit'>;
  readonly #failedJobs: Counter<'job'>;

  constructor() {
    const registers = [this.registry];
    this.#exchanges = new Counter({
      name: 'parsimony_budgets_exchanges_total',
      help: 'Requests of gateways about their leases, by how they ended',
      labelNames: ['outcome'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'parsimony_budgets_exchange_duration_seconds',
      help: 'How long requests of gateways took',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#answers = new Counter({
      name: 'parsimony_budgets_lease_answers_total',
      help: 'Leases that gateways asked about, by the answer',
      labelNames: ['state'],
      registers,
    });
    this.#short = new Counter({
      name: 'parsimony_budgets_short_total',
      help: 'Leases for which there was less than was needed',
      labelNames: ['unit'],
      registers,
    });
    this.#overdrafts = new Counter({
      name: 'parsimony_budgets_overdrafts_total',
      help: 'Times a gateway told of more than it had been lent',
      labelNames: ['unit'],
      registers,
    });
    this.#failedJobs = new Counter({
      name: 'parsimony_budgets_jobs_failed_total',
      help: 'Runs of background jobs that failed',
      labelNames: ['job'],
      registers,
    });
  }

  answered(outcome: 'answered' | 'refused' | 'failed', seconds: number): void {
    this.#exchanges.inc({ outcome });
    this.#seconds.observe(seconds);
  }

  decided(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if ('refused' in decision) {
        this.#answers.inc({ state: decision.refused });
        continue;
      }
      const { account, loan, deleted } = decision;
      this.#answers.inc({ state: deleted ? 'gone' : 'lent' });
      if (loan.short) this.#short.inc({ unit: account.unit });
      if (loan.overdraft > 0n) this.#overdrafts.inc({ unit: account.unit });
    }
  }

  jobFailed(job: string): void {
    this.#failedJobs.inc({ job });
  }

  observeLeader(leads: () => boolean): void {
    observedGauge(this.registry, 'parsimony_budgets_leader', 'Whether this instance runs the background jobs', () =>
      Number(leads()),
    );
  }

  /** @param read asked when somebody scrapes; where it fails, what was last known stands. */
  observeLeases(read: () => Promise<readonly OpenLeases[]>): void {
    this.#gaugeOfUnits('parsimony_budgets_leases', 'Leases that gateways have now', read, ({ leases }) => leases);
    const help = 'Lent to gateways and not yet spent, in dollars, requests, tokens or calls';
    this.#gaugeOfUnits('parsimony_budgets_lent', help, read, ({ idle }) => idle);
  }

  #gaugeOfUnits(
    name: string,
    help: string,
    read: () => Promise<readonly OpenLeases[]>,
    valueOf: (leases: OpenLeases) => number,
  ): void {
    new Gauge({
      ...{ name, help, labelNames: ['unit'], registers: [this.registry] },
      async collect() {
        const units = await read().catch(() => undefined);
        if (!units) return;
        this.reset();
        for (const each of units) this.set({ unit: each.unit }, valueOf(each));
      },
    });
  }
}
