import { InternalError, isParsimonyError, type ParsimonyError } from '@parsimony/contract';

/** The error as its caller may see it: of a defect nothing is told but that there was one. */
export function toCallerError(error: unknown): ParsimonyError {
  return isParsimonyError(error) ? error : new InternalError('internal error', { cause: error });
}
