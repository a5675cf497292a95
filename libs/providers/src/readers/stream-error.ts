import { isJsonObject, ProviderError } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { statusOfErrorType } from '@parsimony/protocols';

/**
 * An error event as the error that its provider would have answered with before the stream began.
 *
 * @param body the error as a whole answer of that protocol.
 */
export function streamError(provider: string, body: JsonObject): ProviderError {
  const error = isJsonObject(body['error']) ? body['error'] : {};
  const status = statusOfErrorType(textOf(error['code']), textOf(error['type']));
  const headers = { 'content-type': 'application/json' };
  return new ProviderError(`${provider} broke off its stream`, status, Buffer.from(JSON.stringify(body)), headers);
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
