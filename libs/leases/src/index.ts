export type { Allowance, LeaseStanding } from './allowance.js';
export { httpExchange, type HttpExchange, type HttpExchangeOptions } from './http-exchange.js';
export { LeaseBook, type LeaseBookOptions, type LeaseBookStatus } from './lease-book.js';
export type { LeaseTerms } from './lease-terms.js';
export { LEASE_TIMING, type LeaseTiming } from './lease-timing.js';
export { LEASE_UNITS, type LeaseUnit } from './lease-unit.js';
export { lend, type LentAccount, type Loan } from './lend.js';
export { Shortfall, type ShortfallReason } from './shortfall.js';
export type { Patience, Taken } from './taken.js';
export {
  EXCHANGE_PATH,
  exchangeAnswer,
  exchangeRequest,
  type Exchange,
  type ExchangeAnswer,
  type ExchangeRequest,
  type LeaseAnswer,
  type LeaseRequest,
} from './wire.js';
