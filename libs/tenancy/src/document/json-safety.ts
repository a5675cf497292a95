import { InvalidDocument } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import { pathText } from './path-text.js';
import type { Path } from './path-text.js';

const LARGEST_BYTES = 256 * 1024;
const DEEPEST = 32;
/** Names that JavaScript gives a meaning of its own: copied carelessly, they would change every object of the process. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Proves that a value is a JSON object that PostgreSQL can hold and that is safe to walk.
 *
 * @throws InvalidDocument where it is too large, too deep, or has something that is no JSON.
 */
export function assertSafeJson(value: unknown): asserts value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidDocument('a tenant document is a JSON object');
  }
  inspect(value, []);
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > LARGEST_BYTES) {
    throw new InvalidDocument(`a tenant document has at most ${LARGEST_BYTES} bytes, this one has ${bytes}`);
  }
}

function inspect(value: unknown, path: Path): void {
  if (path.length > DEEPEST) throw refused(path.slice(0, 4), `nested more than ${DEEPEST} deep`);
  switch (typeof value) {
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) throw refused(path, 'not a number that JSON knows');
      return;
    case 'string':
      return inspectText(value, path);
    case 'object':
      if (value === null) return;
      if (Array.isArray(value)) return value.forEach((item, index) => inspect(item, [...path, index]));
      for (const [name, member] of Object.entries(value)) {
        inspectText(name, path);
        if (FORBIDDEN.has(name)) throw refused([...path, name], 'a name that is not allowed');
        inspect(member, [...path, name]);
      }
      return;
    default:
      throw refused(path, 'not JSON');
  }
}

/** PostgreSQL's jsonb refuses NUL and halves of surrogate pairs, and would do so with an error that names no field. */
function inspectText(text: string, path: Path): void {
  if (text.includes('\0') || !text.isWellFormed()) throw refused(path, 'text that is not valid Unicode, or has NUL');
}

function refused(path: Path, message: string): InvalidDocument {
  const param = pathText(path);
  return new InvalidDocument(`${param || 'document'}: ${message}`, { param });
}
