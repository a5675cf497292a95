import {
  InternalError,
  InvalidJson,
  InvalidRequest,
  isParsimonyError,
  RequestTooLarge,
  UnsupportedMediaType,
} from '@parsimony/contract';
import type { ParsimonyError } from '@parsimony/contract';

/** Fastify's own errors under our codes. */
export function toParsimonyError(error: unknown): ParsimonyError {
  if (isParsimonyError(error)) return error;
  const { code, statusCode, message } = error as {
    readonly code?: unknown;
    readonly statusCode?: unknown;
    readonly message?: unknown;
  };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new RequestTooLarge('the body is larger than the gateway takes');
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') return new InvalidJson('the body is not JSON');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new UnsupportedMediaType('the body must be application/json');
  if (typeof statusCode === 'number' && statusCode < 500) return new InvalidRequest(String(message), { cause: error });
  return new InternalError('internal error', { cause: error });
}
