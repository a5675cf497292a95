import type { FastifyError } from 'fastify';
import { bearerKey } from '../bearer-key.js';
import { GARBAGE } from '../faults/failing.js';
import { InvalidField } from '../field.js';
import { MalformedBody } from '../malformed-body.js';
import type { Protocol } from '../protocol.js';
import { malformedBody, missingKey, OpenAiError, rateLimited, serverError } from './openai-error.js';

/** OpenAI: a bearer key, `{"error": {…}}`. */
export const OPENAI_PROTOCOL: Protocol = {
  requestIdHeader: 'x-request-id',
  garbageEvent: `data: ${GARBAGE}\n\n`,
  keyOf(request) {
    const key = bearerKey(request);
    if (key === null) throw missingKey();
    return key;
  },
  rateLimited,
  serverError,
  toErrorAnswer(error) {
    const answer = asOpenAiError(error as FastifyError | MalformedBody | OpenAiError | InvalidField);
    return { status: answer.status, headers: answer.headers, body: answer.toBody() };
  },
};

function asOpenAiError(error: FastifyError | MalformedBody | OpenAiError | InvalidField): OpenAiError {
  if (error instanceof OpenAiError) return error;
  if (error instanceof MalformedBody) return malformedBody(error.format);
  if (error instanceof InvalidField) {
    const code = error.missing ? 'missing_required_parameter' : 'invalid_value';
    return new OpenAiError(400, error.message, { code, param: error.path || null });
  }
  const status = error.statusCode ?? 500;
  return new OpenAiError(status, error.message, { type: status < 500 ? 'invalid_request_error' : 'server_error' });
}
