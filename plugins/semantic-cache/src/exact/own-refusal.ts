import { isParsimonyError } from '@parsimony/contract';

/**
 * Whether a failure concerns all callers of a flight. A provider's does; a budget, a rate limit or a deadline may be that
 * of the first caller alone, so that the others have to ask for themselves.
 */
export function concernsAll(error: unknown): boolean {
  return isParsimonyError(error) && error.code.startsWith('provider_');
}
