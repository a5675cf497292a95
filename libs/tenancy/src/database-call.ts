import type { ParsimonyError } from '@parsimony/contract';
import { sqlRefusal, throughDatabase } from '@parsimony/persistence';

/**
 * Runs work on the database and says its refusals in the caller's words.
 *
 * @param refusals by the name of the constraint that refused.
 * @throws DatabaseUnavailable where the database is away.
 */
export async function databaseCall<Result>(
  work: () => Promise<Result>,
  refusals: Readonly<Record<string, () => ParsimonyError>> = {},
): Promise<Result> {
  try {
    return await throughDatabase(work);
  } catch (error) {
    const constraint = sqlRefusal(error)?.constraint;
    const refusal = constraint ? refusals[constraint] : undefined;
    throw refusal ? refusal() : error;
  }
}
