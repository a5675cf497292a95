import {
  InternalError,
  InvalidJson,
  InvalidRequest,
  isParsimonyError,
  RequestTooLarge,
  UnsupportedMediaType,
  type ParsimonyError,
} from '@parsimony/contract';
import { z } from 'zod';

/** Errors of Fastify and of the schemas under our codes. */
export function toParsimonyError(error: unknown): ParsimonyError {
  if (isParsimonyError(error)) return error;
  if (error instanceof z.ZodError) return ofSchema(error);
  const { code, statusCode, message } = error as {
    readonly code?: unknown;
    readonly statusCode?: unknown;
    readonly message?: unknown;
  };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new RequestTooLarge('the body is larger than the service takes');
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') return new InvalidJson('the body is not JSON');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new UnsupportedMediaType('the body must be application/json');
  if (typeof statusCode === 'number' && statusCode < 500) return new InvalidRequest(String(message), { cause: error });
  return new InternalError('internal error', { cause: error });
}

function ofSchema({ issues }: z.ZodError): InvalidRequest {
  const [issue] = issues;
  const param = issue?.path.join('.') ?? '';
  return new InvalidRequest(issue?.message ?? 'the body does not fit its schema', param === '' ? {} : { param });
}
