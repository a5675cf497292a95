export type { Allowance, LeaseStanding, Patience, Taken } from './lease-book.js';
export { Shortfall } from './lease-book.js';
export type { LeaseTerms } from './lease-terms.js';
export { LEASE_UNITS, type LeaseUnit } from './lease-unit.js';
export type { LentAccount, Loan } from './lend.js';
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
