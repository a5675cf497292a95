export type { BudgetWish } from './deployment/budget.js';
export { Deployment, type Tenant } from './deployment/deployment.js';
export { freePorts } from './deployment/free-ports.js';
export { Ledger, type LedgerCall, type LedgerLine, type Savings } from './deployment/ledger.js';
export { OutputTail } from './deployment/output-tail.js';
export { answersOk, until, type Patience } from './deployment/until.js';
export { isolatedVariables } from './deployment/variables.js';
export { compareLedger, type Comparison, type ComparisonLine } from './report/compare-ledger.js';
export { formatTable, type Column } from './report/table.js';
