import { isJsonObject, ProviderError } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';

/** Statuses of error types and codes that come inside a stream, where there is no status line any more. */
const STATUSES: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/**
 * An error event as the error that its provider would have answered with before the stream began.
 *
 * @param body the error as a whole answer of that protocol.
 */
export function streamError(provider: string, body: JsonObject): ProviderError {
  const error = isJsonObject(body['error']) ? body['error'] : {};
  const status = statusOf(error['code']) ?? statusOf(error['type']) ?? 500;
  const headers = { 'content-type': 'application/json' };
  return new ProviderError(`${provider} broke off its stream`, status, Buffer.from(JSON.stringify(body)), headers);
}

function statusOf(name: unknown): number | undefined {
  return typeof name === 'string' && Object.hasOwn(STATUSES, name) ? STATUSES[name] : undefined;
}
