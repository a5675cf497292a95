import { isParsimonyError } from '@parsimony/contract';

/** Why something failed, for a log. PostgreSQL's own words may quote what was to be written, and so are not among them. */
export function reasonOf(error: unknown): string {
  if (isParsimonyError(error)) return error.message;
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}
