import type { Json } from '@parsimony/contract';

/** A number that JavaScript has rounded: two bodies that differ in it would look the same. */
export class InexactNumber extends RangeError {
  constructor() {
    super('a whole number beyond 2^53 is not held exactly');
  }
}

/**
 * Writes JSON in its canonical form (RFC 8785): members sorted by UTF-16 code units, no white space, numbers and strings
 * as ECMAScript writes them. Unlike the RFC it takes lone surrogates, as their escapes, since callers may send them.
 *
 * @throws InexactNumber
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  return canonicalMembers(value);
}

/** As `canonicalJson`, of an object without some of its members. */
export function canonicalMembers(
  object: { readonly [name: string]: Json | undefined },
  without?: ReadonlySet<string>,
): string {
  let members = '';
  for (const name of Object.keys(object).sort()) {
    const value = object[name];
    if (value === undefined || without?.has(name)) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(value)}`;
  }
  return `{${members}}`;
}

function canonicalNumber(value: number): string {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new InexactNumber();
  return JSON.stringify(value);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
