import type { FastifyError } from 'fastify';
import { bearerKey, headerKey } from '../bearer-key.js';
import { GARBAGE } from '../faults/failing.js';
import { InvalidField } from '../field.js';
import { Random } from '../generation/random.js';
import { MalformedBody } from '../malformed-body.js';
import type { Protocol } from '../protocol.js';
import { namedEvent } from '../streaming/stream-event.js';
import { AnthropicError, invalidRequest, missingKey } from './anthropic-error.js';

/** Anthropic: a key in `x-api-key` or as bearer, `anthropic-version` always, `{"type": "error", …}`. */
export const ANTHROPIC_PROTOCOL: Protocol = {
  requestIdHeader: 'request-id',
  garbageEvent: namedEvent('message_start', GARBAGE),
  keyOf(request) {
    const key = headerKey(request, 'x-api-key') ?? bearerKey(request);
    if (key === null) throw missingKey();
    if (!request.headers['anthropic-version']) throw invalidRequest('anthropic-version: header is required');
    return key;
  },
  rateLimited: (_model, retryAfterSeconds) =>
    new AnthropicError(429, "This request would exceed your account's rate limit. Please try again later.", {
      'retry-after': String(retryAfterSeconds),
    }),
  serverError: (random) =>
    random.next() < 0.5 ? new AnthropicError(529, 'Overloaded') : new AnthropicError(500, 'Internal server error'),
  toErrorAnswer(error, request) {
    const answer = asAnthropicError(error as AnthropicError | FastifyError | InvalidField | MalformedBody);
    const requestId = `req_${new Random('error', request.id).identifier(24)}`;
    return {
      status: answer.status,
      headers: { ...answer.headers, 'request-id': requestId },
      body: answer.toBody(requestId),
    };
  },
};

function asAnthropicError(error: AnthropicError | FastifyError | InvalidField | MalformedBody): AnthropicError {
  if (error instanceof AnthropicError) return error;
  if (error instanceof InvalidField) return invalidRequest(messageOf(error));
  if (error instanceof MalformedBody) return invalidRequest('The request body is not valid JSON.');
  return new AnthropicError(error.statusCode ?? 500, error.message);
}

/** `messages[0].role` is `messages.0.role` here. */
function messageOf({ path, problem, missing }: InvalidField): string {
  const place = path.replaceAll('[', '.').replaceAll(']', '');
  return `${place === '' ? 'body' : place}: ${missing ? 'Field required' : problem}`;
}
