import type { CallerRef } from '@parsimony/contract';
import type { LeaseBook, LeaseUnit } from '@parsimony/leases';
import type { Budget, RateLimit, TenantView } from '@parsimony/tenancy';
import { budgetWords, rateLimitWords } from './limit-words.js';
import type { BudgetLine, BudgetsAbove, RateLine, RatesAbove } from './limits-above.js';
import { LinesOfCallers } from './lines-of-callers.js';

const PARTS = 1_000_000;

/** All limits of a tenant as it stood at one moment, ready to be found by caller and tags. */
export class TenantLimits {
  /** Of budgets and rate limits. */
  readonly ids: ReadonlySet<string>;
  readonly #budgets: LinesOfCallers<BudgetLine, BudgetsAbove>;
  readonly #rates: LinesOfCallers<RateLine, RatesAbove>;

  constructor(
    readonly view: TenantView,
    private readonly book: LeaseBook,
  ) {
    this.ids = new Set([...view.budgets, ...view.rateLimits].map(({ id }) => id));
    this.#budgets = new LinesOfCallers(
      view.budgets.map((budget) => this.#budgetLine(budget)),
      ({ budget }) => budget,
      (lines) => ({ lines, allowances: lines.map(({ allowance }) => allowance) }),
    );
    this.#rates = new LinesOfCallers(
      view.rateLimits.map((limit) => this.#rateLine(limit)),
      ({ limit }) => limit,
      (lines) => ({
        lines,
        requests: lines.flatMap(({ requests }) => requests ?? []),
        tokens: lines.flatMap(({ tokens }) => tokens ?? []),
        calls: lines.flatMap(({ calls }) => calls ?? []),
      }),
    );
  }

  budgets(caller: CallerRef, tags: Readonly<Record<string, string>>): BudgetsAbove {
    return this.#budgets.find(caller, tags);
  }

  rateLimits(caller: CallerRef, tags: Readonly<Record<string, string>>): RatesAbove {
    return this.#rates.find(caller, tags);
  }

  #budgetLine(budget: Budget): BudgetLine {
    const { tenantId, id, mode, downgradeAt } = budget;
    return {
      budget,
      words: budgetWords(budget, this.view),
      downgradeFrom: downgradeAt === null ? undefined : BigInt(Math.round(downgradeAt * PARTS)),
      allowance: this.book.allowance({
        tenantId,
        budgetId: id,
        unit: 'pico-dollars',
        hard: mode === 'HARD',
        whenAway: this.view.document?.budgets.onUnavailable ?? 'deny',
      }),
    };
  }

  #rateLine(limit: RateLimit): RateLine {
    const allowance = (unit: LeaseUnit, most: number | null) =>
      most === null
        ? undefined
        : this.book.allowance({
            tenantId: limit.tenantId,
            budgetId: limit.id,
            unit,
            hard: true,
            // No money is lost where a minute has more calls than it should.
            whenAway: 'allow',
          });
    return {
      limit,
      words: rateLimitWords(limit, this.view),
      requests: allowance('requests', limit.requestsPerMinute),
      tokens: allowance('tokens', limit.tokensPerMinute),
      calls: allowance('calls', limit.concurrentCalls),
    };
  }
}
