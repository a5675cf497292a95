import { isUtf8 } from 'node:buffer';
import { InvalidJson, InvalidRequest, isJsonObject } from '@parsimony/contract';
import type { ChatBody, EmbeddingsBody, Json, JsonObject } from '@parsimony/contract';

/** @throws InvalidJson */
export function parseJson(bytes: Buffer): unknown {
  // A decoder that repairs would make text longer than its bytes, which are the upper bound of its tokens.
  if (!isUtf8(bytes)) throw new InvalidJson('the body is not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new InvalidJson('the body is not JSON', { cause: error });
  }
}

/**
 * Proves the fields of a chat completion that the gateway relies on; all others pass through and are the provider's to judge.
 *
 * @throws InvalidRequest that names the field.
 */
export function parseChatBody(body: unknown): ChatBody {
  const fields = requireObject(body);
  requireModel(fields);
  const { messages, stream } = fields;
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages', 'a list with at least one message');
  messages.forEach((message: Json, index) => {
    if (!isJsonObject(message)) throw invalid(`messages[${index}]`, 'an object');
    if (typeof message['role'] !== 'string') throw invalid(`messages[${index}].role`, 'a string');
  });
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') throw invalid('stream', 'a boolean');
  optionalCount(fields, 'max_tokens');
  optionalCount(fields, 'max_completion_tokens');
  optionalCount(fields, 'n');
  return fields as unknown as ChatBody;
}

/** @throws InvalidRequest that names the field. */
export function parseEmbeddingsBody(body: unknown): EmbeddingsBody {
  const fields = requireObject(body);
  requireModel(fields);
  const { input } = fields;
  const isList = Array.isArray(input) && input.length > 0;
  if (typeof input !== 'string' && !isList) throw invalid('input', 'a string, or a list with at least one element');
  return fields as unknown as EmbeddingsBody;
}

function requireObject(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw new InvalidRequest('the body must be a JSON object');
  return body;
}

function requireModel(fields: JsonObject): void {
  const { model } = fields;
  if (typeof model !== 'string' || model === '' || model.length > 256)
    throw invalid('model', 'a string of 1 to 256 characters');
}

function optionalCount(fields: JsonObject, name: string): void {
  const value = fields[name];
  if (value === undefined || value === null) return;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw invalid(name, 'a whole number of at least 1');
}

function invalid(param: string, expected: string): InvalidRequest {
  return new InvalidRequest(`${param} must be ${expected}`, { param });
}
