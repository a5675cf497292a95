/** A JSON object whose fields nobody has looked at yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** A field of a request or of the configuration is missing or wrong. `path` names it: `messages[0].role`. */
export class InvalidField extends Error {
  constructor(
    readonly path: string,
    readonly problem: string,
    readonly missing = false,
  ) {
    super(path === '' ? problem : `'${path}': ${problem}`);
    this.name = 'InvalidField';
  }
}

/** Reads one value or throws InvalidField. */
export type FieldReader<Value> = (value: unknown, path: string) => Value;

export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readRecord(value: unknown, path: string): JsonRecord {
  if (!isJsonRecord(value)) throw wrongType(path, 'an object', value);
  return value;
}

export function readString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrongType(path, 'a string', value);
  return value;
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(path, 'a boolean', value);
  return value;
}

export function readArray(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(path, 'an array', value);
  return value;
}

/** A reader of numbers between two bounds, both included. */
export function numberBetween(minimum: number, maximum: number): FieldReader<number> {
  return (value, path) => {
    if (typeof value !== 'number') throw wrongType(path, 'a number', value);
    if (value < minimum || value > maximum) {
      throw new InvalidField(path, `expected a number from ${minimum} to ${maximum}, but got ${value}`);
    }
    return value;
  };
}

/** A reader of integers between two bounds, both included. */
export function integerBetween(minimum: number, maximum: number): FieldReader<number> {
  const readNumber = numberBetween(minimum, maximum);
  return (value, path) => {
    const number = readNumber(value, path);
    if (!Number.isInteger(number)) throw new InvalidField(path, `expected an integer, but got ${number}`);
    return number;
  };
}

/** A reader of one of some words. */
export function oneOf<Word extends string>(...words: readonly Word[]): FieldReader<Word> {
  return (value, path) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new InvalidField(path, `expected one of ${words.join(', ')}`);
    return found;
  };
}

/** Makes a reader take an absent field, or null, as null. */
export function nullable<Value>(read: FieldReader<Value>): FieldReader<Value | null> {
  return (value, path) => (value === undefined || value === null ? null : read(value, path));
}

export function wrongType(path: string, expected: string, value: unknown): InvalidField {
  const missing = value === undefined;
  return new InvalidField(
    path,
    missing ? `is missing: expected ${expected}` : `expected ${expected}, but got ${kindOf(value)}`,
    missing,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
