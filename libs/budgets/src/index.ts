export type { BudgetStanding, LeaseStandingOfHolder } from './budget-standing.js';
export { BudgetStandings } from './budget-standings.js';
export {
  attributeOverage,
  effectiveLimit,
  overageOf,
  type AccountUse,
  type CreditShare,
  type OpenCredit,
} from './credits.js';
export { ledgerScope, type LedgerScope } from './ledger-scope.js';
export { minuteOf, periodOf, type Period, type PeriodRule } from './period.js';
export { projectedSpend } from './projected-spend.js';
