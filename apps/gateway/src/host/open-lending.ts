import { httpExchange, LeaseBook, type Exchange } from '@parsimony/leases';
import type { Logger } from '@parsimony/telemetry';
import type { TenantDirectory } from '@parsimony/tenancy';
import { LimitMatcher } from '../spending/limit-matcher.js';
import type { BudgetsServiceOptions } from './gateway-options.js';

/** What the budgets service lends to this process. */
export interface Lending extends AsyncDisposable {
  readonly book: LeaseBook;
  readonly limits: LimitMatcher;
  /** How often calls began to go on under a HARD budget without a lease, since the service was away and the tenant allows that. */
  readonly uncovered: number;
}

/** @param holder the journal's instance: by it the service settles what a dead process had borrowed. */
export function openLending(
  service: BudgetsServiceOptions | undefined,
  holder: string,
  directory: TenantDirectory,
  logger: Logger,
): Lending {
  let uncovered = 0;
  let toldAwaySince: number | undefined;
  const http = service && httpExchange(service);
  if (!http) logger.warn({}, 'no budgets service is set: calls under HARD budgets are refused');
  const book: LeaseBook = new LeaseBook({
    holder,
    exchange: http?.exchange ?? noService,
    onTrouble: (error) => {
      const { awaySince } = book.status;
      // It is tried again each second: a line for each would drown what else the log says of an outage.
      if (!http || (awaySince !== undefined && awaySince === toldAwaySince)) return;
      toldAwaySince = awaySince;
      logger.warn({ error }, 'the budgets service does not answer; calls go on within what is lent');
    },
    onUncovered: ({ tenantId, budgetId, unit }) => {
      if (unit !== 'pico-dollars') return;
      uncovered++;
      logger.warn({ tenantId, budgetId }, 'calls under a HARD budget go on without a lease, as the tenant allows');
    },
  });
  const limits = new LimitMatcher(book, (tenantId) => directory.tenant(tenantId));
  const unfollow = directory.onChange((tenantId) => limits.refresh(tenantId));
  return {
    book,
    limits,
    get uncovered() {
      return uncovered;
    },
    async [Symbol.asyncDispose]() {
      unfollow();
      await book.close();
      await http?.close();
    },
  };
}

const noService: Exchange = () => Promise.reject(new Error('no budgets service is set'));
