import { ProviderError } from '@parsimony/contract';
import type { ParsimonyError } from '@parsimony/contract';
import { errorBody, streamErrorEvent, type Protocol } from '@parsimony/protocols';
import type { AnswerWriter } from './answer-writer.js';
import { framed } from './framing.js';
import { FIXED_HEADERS } from './response-headers.js';

/**
 * Answers with an error in the caller's protocol, or with the provider's own bytes where the error is the provider's.
 *
 * @param more header lines; those of the error go before them.
 */
export function answerError(
  response: AnswerWriter,
  error: ParsimonyError,
  protocol: Protocol,
  requestId: string,
  more: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const body =
    error instanceof ProviderError
      ? error.wire
      : Buffer.from(JSON.stringify(errorBody(protocol, { ...factsOf(error), requestId })));
  const lines = { ...more, 'content-type': 'application/json', ...error.headers };
  response.writeHead(error.status, [
    ...Object.entries(lines).flat(),
    'content-length',
    String(body.byteLength),
    ...FIXED_HEADERS,
    'x-request-id',
    requestId,
    'x-parsimony-request-id',
    requestId,
  ]);
  response.end(body);
}

/** The event that tells a streaming client of an error after the answer has begun. */
export function errorBytes(error: ParsimonyError, protocol: Protocol, requestId: string): string {
  return framed(protocol, streamErrorEvent(protocol, { ...factsOf(error), requestId }));
}

function factsOf({ status, code, type, message, param }: ParsimonyError) {
  return { status, code, type, message, param };
}
