import { isParsimonyError } from '@parsimony/contract';
import type { AttemptOutcome } from './model-health.js';

const BY_CODE: Readonly<Record<string, AttemptOutcome>> = {
  provider_unreachable: 'failed',
  provider_timeout: 'failed',
  provider_stream_cut: 'failed',
  provider_invalid_answer: 'failed',
  provider_refused: 'refused',
};

/** What a failed attempt says of its provider. */
export function outcomeOf(error: unknown): AttemptOutcome {
  if (!isParsimonyError(error)) return 'inconclusive';
  if (error.code !== 'provider_error') return BY_CODE[error.code] ?? 'inconclusive';
  if (error.status === 429) return 'rateLimited';
  return error.status >= 500 ? 'failed' : 'refused';
}
