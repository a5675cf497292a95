import type { Json, JsonObject } from '@parsimony/contract';
import type { Path } from './refusals.js';
import { fieldPath, unsupported } from './refusals.js';

/** Whether a value changes nothing, so that it may be left out. */
export type Neutral = (value: Json) => boolean;

/**
 * What becomes of each field of an object: `carried` ones are translated by name; of the others, those whose value is
 * neutral are left out. A `Map`, since a field may be called `constructor`.
 */
export type FieldRules = ReadonlyMap<string, 'carried' | Neutral>;

/** The fields that are carried over, and those that may be there as long as they change nothing. */
export function fieldRules(carried: readonly string[], neutral: Readonly<Record<string, Neutral>> = {}): FieldRules {
  return new Map<string, 'carried' | Neutral>([
    ...carried.map((name) => [name, 'carried'] as const),
    ...Object.entries(neutral),
  ]);
}

/**
 * Looks at every field of an object before any is translated, so that none is dropped in silence. `null` is neutral
 * in every field that a protocol knows.
 *
 * @throws UnsupportedParameter that names the first field which is unknown, or which cannot be carried with this value.
 */
export function checkFields(object: JsonObject, path: Path, rules: FieldRules): void {
  for (const name of Object.keys(object)) {
    const rule = rules.get(name);
    if (rule === 'carried') continue;
    const value = object[name];
    if (value === undefined) continue;
    if (rule === undefined) throw unsupported(fieldPath(path, name), 'is unknown to the provider’s protocol');
    if (value !== null && !rule(value)) {
      throw unsupported(fieldPath(path, name), 'cannot be carried over to the provider’s protocol');
    }
  }
}

/** For hints that change what a prompt costs, never what is answered. */
export const hint: Neutral = () => true;

/** For fields that can only be absent or `null`. */
export const refused: Neutral = () => false;

export function equals(expected: Json): Neutral {
  return (value) => value === expected;
}

/** An empty list, or an object without members. */
export const empty: Neutral = (value) =>
  typeof value === 'object' && value !== null && (Array.isArray(value) ? value : Object.keys(value)).length === 0;
