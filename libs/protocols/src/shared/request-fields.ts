import type { Json, JsonObject } from '@parsimony/contract';
import { isJsonObject } from '@parsimony/contract';
import type { Path } from './refusals.js';
import { fieldPath, invalid } from './refusals.js';

/** An object under construction; members that are `undefined` are not sent. */
export type JsonDraft = Record<string, Json | undefined>;

/** @throws InvalidRequest where the value is no object. */
export function objectAt(value: unknown, path: Path): JsonObject {
  if (!isJsonObject(value)) throw invalid(path, 'must be an object');
  return value;
}

/** @throws InvalidRequest where the value is no list. */
export function listAt(value: unknown, path: Path): readonly Json[] {
  if (!Array.isArray(value)) throw invalid(path, 'must be an array');
  return value as readonly Json[];
}

/** A member that must be there. @throws InvalidRequest */
export function requiredText(owner: JsonObject, name: string, path: Path): string {
  const value = owner[name];
  if (typeof value !== 'string') throw invalid(fieldPath(path, name), 'must be a string');
  return value;
}

/** `null` counts as absent, as it does in both protocols. @throws InvalidRequest where it is something else. */
export function optionalText(owner: JsonObject, name: string, path: Path): string | undefined {
  return owner[name] == null ? undefined : requiredText(owner, name, path);
}

/** @throws InvalidRequest */
export function requiredObject(owner: JsonObject, name: string, path: Path): JsonObject {
  return objectAt(owner[name], fieldPath(path, name));
}

/** @throws InvalidRequest */
export function optionalObject(owner: JsonObject, name: string, path: Path): JsonObject | undefined {
  return owner[name] == null ? undefined : requiredObject(owner, name, path);
}

/** @throws InvalidRequest */
export function optionalList(owner: JsonObject, name: string, path: Path): readonly Json[] | undefined {
  const value = owner[name];
  return value == null ? undefined : listAt(value, fieldPath(path, name));
}

/** @throws InvalidRequest */
export function optionalFlag(owner: JsonObject, name: string, path: Path): boolean | undefined {
  const value = owner[name];
  if (value == null) return undefined;
  if (typeof value !== 'boolean') throw invalid(fieldPath(path, name), 'must be a boolean');
  return value;
}

/** @throws InvalidRequest where it is no number between the bounds, both included. */
export function optionalNumber(
  owner: JsonObject,
  name: string,
  path: Path,
  smallest: number,
  largest: number,
): number | undefined {
  const value = owner[name];
  if (value == null) return undefined;
  if (typeof value !== 'number' || !(value >= smallest && value <= largest)) {
    throw invalid(fieldPath(path, name), `must be a number from ${smallest} to ${largest}`);
  }
  return value;
}

/** @throws InvalidRequest where it is no whole number of at least `smallest`. */
export function optionalCount(owner: JsonObject, name: string, path: Path, smallest: number): number | undefined {
  const value = owner[name];
  if (value == null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < smallest) {
    throw invalid(fieldPath(path, name), `must be an integer of at least ${smallest}`);
  }
  return value;
}
