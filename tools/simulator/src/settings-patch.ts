import { FAULTS } from './faults/fault.js';
import {
  InvalidField,
  integerBetween,
  nullable,
  numberBetween,
  oneOf,
  readRecord,
  readString,
  type FieldReader,
} from './field.js';
import type { Price } from './models/price.js';
import type { Range, Settings } from './settings.js';

const ONE_HOUR_MS = 3_600_000;
const milliseconds = numberBetween(0, ONE_HOUR_MS);
const probability = numberBetween(0, 1);
const tokens = integerBetween(0, 1_000_000);

const REQUIRED_PRICES = ['input', 'cachedInput', 'output'] as const satisfies readonly (keyof Price)[];
const FURTHER_PRICES = [
  'cacheWrite',
  'cacheWriteLong',
  'inputAudio',
  'outputAudio',
  'characters',
  'seconds',
] as const satisfies readonly (keyof Price)[];

type SettingReader<Value> = (value: unknown, path: string, current: Value) => Value;

const READERS: { readonly [Name in keyof Settings]: SettingReader<Settings[Name]> } = {
  seed: integerBetween(0, Number.MAX_SAFE_INTEGER),
  latencyMs: milliseconds,
  tokensPerSecond: numberBetween(0, 1_000_000),
  answerTokens: readRange,
  reasoningTokens: readRange,
  toolCalls: readRange,
  cachedTokens: partOf({ share: probability, minimum: tokens, step: integerBetween(1, 1_000_000) }),
  promptCache: partOf({ mode: oneOf('remember', 'write', 'read', 'off'), minimum: nullable(tokens) }),
  usageStyle: oneOf('openai', 'cumulative', 'absent', 'reasoning-beside'),
  faults: readFaults,
  failingModels: tableOf(probability),
  failingKeys: tableOf(probability),
  slowMs: milliseconds,
  retryAfterSeconds: integerBetween(0, ONE_HOUR_MS / 1000),
  onDisconnect: oneOf('stop', 'finish'),
  prices: tableOf(readPrice),
  deployments: tableOf(readString),
};

/**
 * Settings with a JSON patch laid over them; what the patch does not name stays.
 *
 * @throws InvalidField for an unknown setting or a wrong value; the settings are then unchanged as a whole.
 */
export function patchSettings(settings: Settings, patch: unknown): Settings {
  const next = { ...settings };
  for (const [name, value] of Object.entries(readRecord(patch, ''))) {
    if (!isSetting(name)) throw unknownName(name, Object.keys(READERS));
    assign(next, name, value);
  }
  return next;
}

/** Settings as JSON has them, prices as decimal strings. */
export function settingsJson(settings: Settings): string {
  return JSON.stringify(settings, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(READERS, name);
}

function assign<Name extends keyof Settings>(
  target: { -readonly [N in keyof Settings]: Settings[N] },
  name: Name,
  value: unknown,
): void {
  target[name] = READERS[name](value, name, target[name]);
}

function unknownName(path: string, known: readonly string[]): InvalidField {
  return new InvalidField(path, `is unknown; known are ${known.join(', ')}`);
}

function partOf<Part extends object>(fields: {
  readonly [Name in keyof Part]: FieldReader<Part[Name]>;
}): SettingReader<Part> {
  return (value, path, current) => {
    const next = { ...current };
    for (const [name, part] of Object.entries(readRecord(value, path))) {
      if (!Object.hasOwn(fields, name)) throw unknownName(`${path}.${name}`, Object.keys(fields));
      const field = name as keyof Part;
      next[field] = fields[field](part, `${path}.${name}`);
    }
    return next;
  };
}

function readRange(value: unknown, path: string, current: Range): Range {
  const range = partOf<Range>({ min: tokens, max: tokens })(value, path, current);
  if (range.min > range.max) throw new InvalidField(path, `min ${range.min} is above max ${range.max}`);
  return range;
}

function readFaults(value: unknown, path: string, current: Settings['faults']): Settings['faults'] {
  const readers = Object.fromEntries(FAULTS.map((fault) => [fault, probability]));
  const faults = partOf(readers as Record<(typeof FAULTS)[number], FieldReader<number>>)(value, path, current);
  const sum = FAULTS.reduce((total, fault) => total + faults[fault], 0);
  // Shares that make 1 on paper may add up to a little more in floating point.
  if (sum > 1 + 1e-9) throw new InvalidField(path, `the probabilities add up to ${sum}, which is more than 1`);
  return faults;
}

/** Entries of the patch are laid over those that are there, name by name. */
function tableOf<Value>(read: FieldReader<Value>): SettingReader<Readonly<Record<string, Value>>> {
  return (value, path, current) => {
    const entries = Object.entries(readRecord(value, path));
    return {
      ...current,
      ...Object.fromEntries(entries.map(([name, entry]) => [name, read(entry, `${path}.${name}`)])),
    };
  };
}

function readPrice(value: unknown, path: string): Price {
  const prices = readRecord(value, path);
  for (const name of Object.keys(prices))
    if (!isPriceField(name)) throw unknownName(`${path}.${name}`, [...REQUIRED_PRICES, ...FURTHER_PRICES]);
  const priceOf = (name: keyof Price): bigint => readPicoDollars(prices[name], `${path}.${name}`);
  const price = { input: priceOf('input'), cachedInput: priceOf('cachedInput'), output: priceOf('output') };
  const further = FURTHER_PRICES.filter((name) => prices[name] !== undefined);
  return { ...price, ...Object.fromEntries(further.map((name) => [name, priceOf(name)])) };
}

function isPriceField(name: string): boolean {
  return [...REQUIRED_PRICES, ...FURTHER_PRICES].some((field) => field === name);
}

function readPicoDollars(value: unknown, path: string): bigint {
  const text = readString(value, path);
  if (!/^\d{1,18}$/.test(text))
    throw new InvalidField(path, 'expected whole pico-dollars per unit as a decimal string');
  return BigInt(text);
}
