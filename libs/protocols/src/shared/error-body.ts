import type { Json, JsonObject } from '@parsimony/contract';
import type { Protocol } from '../translation.js';
import { messagesErrorType } from './messages-error-type.js';

/** An error as a caller is to see it, whatever protocol it came from. */
export interface ShownError {
  /** HTTP status, also of an error that comes in a stream. */
  readonly status: number;
  readonly code: string | null;
  /** OpenAI's coarse class, such as `invalid_request_error`. */
  readonly type: string;
  readonly message: string;
  readonly param: string | null;
  readonly requestId: string;
}

/**
 * The body of an error in the protocol that the caller speaks.
 *
 * @returns OpenAI's shape (API reference, "Error codes") for `chat.completions` and `responses`. For `messages`
 * Anthropic's (API reference, "Errors"), whose `type` follows from the status; `code` and `param` are added to it, since
 * Anthropic's clients keep fields they don't know, and a refusal must name its field in either protocol.
 */
export function errorBody(protocol: Protocol, error: ShownError): JsonObject {
  const { status, code, type, message, param, requestId } = error;
  if (protocol !== 'messages') return { error: { message, type, code, param } };
  const shown: Record<string, Json> = { type: messagesErrorType(status), message };
  if (code !== null) shown['code'] = code;
  if (param !== null) shown['param'] = param;
  return { type: 'error', error: shown, request_id: requestId };
}

/**
 * The event by which a stream that has begun says that it failed; nothing follows it.
 *
 * @param sequenceNumber the place of a Responses event in its stream; the other protocols don't count.
 */
export function streamErrorEvent(protocol: Protocol, error: ShownError, sequenceNumber = 0): JsonObject {
  if (protocol !== 'responses') return errorBody(protocol, error);
  const { code, message, param } = error;
  return { type: 'error', code, message, param, sequence_number: sequenceNumber };
}
