import { isJsonRecord, type JsonRecord } from '../field.js';
import { WORDS } from './prose.js';
import type { Random } from './random.js';

/** A schema that refers to itself twice would grow without end: past these, everything is null. */
const MOST_VALUES = 10_000;
const DEEPEST = 64;

/** Below this depth optional properties, optional items and nullable values are left out, so that recursion ends. */
const DEEP = 5;

const MOST_ITEMS = 100;
const MOST_CHARACTERS = 10_000;

const FORMATS: Readonly<Record<string, string>> = {
  date: '2025-06-15',
  'date-time': '2025-06-15T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'user@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
};

/**
 * A value that fits a JSON Schema (draft 2020-12) in its simplest reading: types, properties, required, items, enum,
 * const, local $ref, anyOf, oneOf, allOf, lengths, bounds and common formats. `pattern`, `not`, `if` and
 * `uniqueItems` are not looked at.
 */
export function exampleOfSchema(schema: unknown, random: Random): unknown {
  return new SchemaExample(schema, random).value(schema, 0);
}

class SchemaExample {
  #values = 0;

  constructor(
    readonly root: unknown,
    readonly random: Random,
  ) {}

  value(schema: unknown, depth: number): unknown {
    this.#values += 1;
    if (this.#values > MOST_VALUES || depth > DEEPEST) return null;
    if (!isJsonRecord(schema)) return this.random.pick(WORDS);
    if ('const' in schema) return schema['const'];
    if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return this.random.pick<unknown>(schema['enum']);
    const refined = this.#refine(schema, depth);
    return refined ? this.value(refined, depth + 1) : this.#ofType(schema, depth);
  }

  /** Follows one reference, alternative or conjunction; null where there is none. */
  #refine(schema: JsonRecord, depth: number): JsonRecord | null {
    const { $ref: reference, anyOf, oneOf, allOf, ...rest } = schema;
    if (typeof reference === 'string') return merge(rest, this.#resolve(reference));
    const alternatives = anyOf ?? oneOf;
    if (Array.isArray(alternatives) && alternatives.length > 0) {
      const isNull = (option: unknown): boolean => isJsonRecord(option) && option['type'] === 'null';
      const wanted: unknown = alternatives.find((option) => isNull(option) === depth > DEEP) ?? alternatives[0];
      return merge(allOf === undefined ? rest : { ...rest, allOf }, wanted);
    }
    if (Array.isArray(allOf) && allOf.length > 0) return allOf.reduce<JsonRecord>(merge, rest);
    return null;
  }

  #resolve(reference: string): unknown {
    if (!reference.startsWith('#')) return {};
    const steps = reference.slice(1).split('/').filter(Boolean);
    const unescaped = steps.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
    return unescaped.reduce<unknown>((value, step) => (isJsonRecord(value) ? value[step] : undefined), this.root);
  }

  #ofType(schema: JsonRecord, depth: number): unknown {
    switch (typeOf(schema, depth)) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'integer':
        return numberOf(schema, 1, this.random.integer(0, 100));
      case 'number':
        return numberOf(schema, 0, this.random.integer(0, 1000) / 10);
      case 'boolean':
        return this.random.next() < 0.5;
      case 'null':
        return null;
      default:
        return this.#string(schema);
    }
  }

  #object(schema: JsonRecord, depth: number): unknown {
    const properties = isJsonRecord(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
    const names = depth > DEEP ? required : [...new Set([...Object.keys(properties), ...required])];
    return Object.fromEntries(names.map((name) => [name, this.value(properties[name], depth + 1)]));
  }

  #array(schema: JsonRecord, depth: number): unknown {
    const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
    const least = Math.min(Math.max(numeric(schema['minItems']) ?? 0, prefix.length), MOST_ITEMS);
    const wanted = depth > DEEP ? least : Math.max(least, this.random.integer(1, 3));
    const length = Math.min(wanted, numeric(schema['maxItems']) ?? MOST_ITEMS);
    return Array.from({ length }, (_, index) => this.value(prefix[index] ?? schema['items'], depth + 1));
  }

  #string(schema: JsonRecord): string {
    const format = FORMATS[String(schema['format'])];
    if (format !== undefined) return format;
    const least = Math.min(numeric(schema['minLength']) ?? 0, MOST_CHARACTERS);
    let text = this.random.pick(WORDS);
    while (text.length < least) text += ` ${this.random.pick(WORDS)}`;
    return text.slice(0, Math.max(least, Math.min(text.length, numeric(schema['maxLength']) ?? text.length)));
  }
}

function typeOf(schema: JsonRecord, depth: number): unknown {
  const type = schema['type'];
  if (Array.isArray(type))
    return type.includes('null') && depth > DEEP ? 'null' : (type.find((name) => name !== 'null') ?? 'null');
  if (type !== undefined) return type;
  if ('properties' in schema || 'required' in schema) return 'object';
  return 'items' in schema || 'prefixItems' in schema ? 'array' : 'string';
}

/** The wish, moved between the schema's bounds and onto its grid. `grid` 0: any number. */
function numberOf(schema: JsonRecord, grid: number, wish: number): number {
  const step = numeric(schema['multipleOf']) ?? grid;
  const gap = step || 0.5;
  const exclusiveLow = numeric(schema['exclusiveMinimum']);
  const exclusiveHigh = numeric(schema['exclusiveMaximum']);
  const low = Math.max(
    numeric(schema['minimum']) ?? -Infinity,
    exclusiveLow === undefined ? -Infinity : exclusiveLow + gap,
  );
  const high = Math.min(
    numeric(schema['maximum']) ?? Infinity,
    exclusiveHigh === undefined ? Infinity : exclusiveHigh - gap,
  );
  if (high < low) return (low + high) / 2;
  const bounded = Math.min(Math.max(wish, low), high);
  if (step === 0) return bounded;
  const onGrid = Math.floor(bounded / step) * step;
  return onGrid < low ? onGrid + step : onGrid;
}

function numeric(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Both schemas at once: properties and required of both, of everything else the second's. */
function merge(first: JsonRecord, second: unknown): JsonRecord {
  if (!isJsonRecord(second)) return first;
  const merged: Record<string, unknown> = { ...first, ...second };
  if (isJsonRecord(first['properties']) && isJsonRecord(second['properties'])) {
    merged['properties'] = { ...first['properties'], ...second['properties'] };
  }
  if (Array.isArray(first['required']) && Array.isArray(second['required'])) {
    merged['required'] = [first['required'], second['required']].flat();
  }
  return merged;
}
