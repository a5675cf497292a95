import type { SetBudget } from '@parsimony/tenancy';
import type { BudgetTermsInput } from './budget.inputs.js';

type WishedTerms = Omit<SetBudget, 'tenantId' | 'teamId' | 'keyId' | 'tag'>;

/** What a budget is to be; a null in place of a default means the default. */
export function wishedTerms(input: BudgetTermsInput): WishedTerms {
  const { limit, period, mode, timezone, thresholds, downgradeAt = null, expectedRevision = null } = input;
  return {
    ...{ limit, period, mode, downgradeAt, expectedRevision },
    ...(timezone != null && { timezone }),
    ...(thresholds != null && { thresholds }),
  };
}
