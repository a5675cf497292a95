export { startBudgets, type BudgetsService } from './start-budgets.js';
export type { BudgetsOptions } from './budgets-options.js';
