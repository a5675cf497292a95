import { InvalidDocument, isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';

/** A tenant document must be an object before anything else is said of it. @throws InvalidDocument */
export function documentObject(document: Json): JsonObject {
  if (isJsonObject(document)) return document;
  throw new InvalidDocument('a tenant document is a JSON object', { param: '' });
}
