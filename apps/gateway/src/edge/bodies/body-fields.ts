import { InvalidRequest, isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';

/** @throws InvalidRequest */
export function requireObject(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw new InvalidRequest('the body must be a JSON object');
  return body;
}

/** @throws InvalidRequest */
export function requireModel({ model }: JsonObject): void {
  if (typeof model !== 'string' || model === '' || model.length > 256)
    throw invalid('model', 'a string of 1 to 256 characters');
}

/** @throws InvalidRequest for a list that is empty, or has something that is no message. */
export function requireMessages({ messages }: JsonObject): void {
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('messages', 'a list with at least one message');
  messages.forEach((message: Json, index) => {
    if (!isJsonObject(message)) throw invalid(`messages[${index}]`, 'an object');
    if (typeof message['role'] !== 'string') throw invalid(`messages[${index}].role`, 'a string');
  });
}

/** @throws InvalidRequest */
export function optionalBoolean(fields: JsonObject, name: string): void {
  const value = fields[name];
  if (value !== undefined && value !== null && typeof value !== 'boolean') throw invalid(name, 'a boolean');
}

/** @throws InvalidRequest */
export function optionalCount(fields: JsonObject, name: string): void {
  const value = fields[name];
  if (value === undefined || value === null) return;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw invalid(name, 'a whole number of at least 1');
}

export function invalid(param: string, expected: string): InvalidRequest {
  return new InvalidRequest(`${param} must be ${expected}`, { param });
}
