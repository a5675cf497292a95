import type { CallContext, Json } from '@parsimony/contract';
import { sameJson, type Comparer, type Verdict } from '../comparison/index.js';

/** Two kept values: texts as the tenant's answers are compared, all else by structure and value. */
export function compareValues(
  comparer: Comparer,
  question: string,
  { kept, fresh }: { readonly kept: Json; readonly fresh: Json },
  context: CallContext,
): Promise<Verdict> {
  if (typeof kept !== 'string' || typeof fresh !== 'string') return Promise.resolve(sameJson(kept, fresh));
  return comparer({ question, kept: { text: kept, calls: [] }, fresh: { text: fresh, calls: [] } }, context);
}
