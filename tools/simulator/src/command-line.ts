import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readAnswerBook } from './answers/answer-book.js';
import { InvalidField } from './field.js';
import type { SettingsPatch, UsageStyle } from './settings.js';
import type { SimulatorOptions } from './simulator.js';

const DEFAULT_PORT = 4010;
const ENVIRONMENT_PREFIX = 'PARSIMONY_SIMULATOR_';

/** What a flag's text means to the options. */
const FLAGS = {
  port: (text: string) => ({ port: toPort(text) }),
  host: (text: string) => ({ host: text }),
  'answer-book': (path: string) => ({ answerBook: readAnswerBook(path) }),
  prices: (path: string) =>
    setting({ prices: JSON.parse(readFileSync(path, 'utf8')) as Exclude<SettingsPatch['prices'], undefined> }),
  seed: (text: string) => setting({ seed: toNumber(text) }),
  'latency-ms': (text: string) => setting({ latencyMs: toNumber(text) }),
  'tokens-per-second': (text: string) => setting({ tokensPerSecond: toNumber(text) }),
  'answer-tokens': (text: string) => setting({ answerTokens: toRange(text) }),
  'reasoning-tokens': (text: string) => setting({ reasoningTokens: toRange(text) }),
  'cached-share': (text: string) => setting({ cachedTokens: { share: toNumber(text) } }),
  'cached-minimum': (text: string) => setting({ cachedTokens: { minimum: toNumber(text) } }),
  'cached-step': (text: string) => setting({ cachedTokens: { step: toNumber(text) } }),
  'usage-style': (text: string) => setting({ usageStyle: text as UsageStyle }),
  faults: (text: string) => setting({ faults: toShares(text) }),
  'failing-models': (text: string) => setting({ failingModels: toShares(text) }),
  'slow-ms': (text: string) => setting({ slowMs: toNumber(text) }),
  'retry-after-seconds': (text: string) => setting({ retryAfterSeconds: toNumber(text) }),
  'on-disconnect': (text: string) => setting({ onDisconnect: text as 'stop' | 'finish' }),
  deployments: (text: string) => setting({ deployments: toPairs(text) }),
} as const satisfies Record<string, (text: string) => SimulatorOptions>;

type Flag = keyof typeof FLAGS;

const NAMES = Object.keys(FLAGS) as Flag[];

export const USAGE = `Usage: simulator ${NAMES.map((name) => `[--${name} …]`).join(' ')}`;

/**
 * Reads flags and environment; a flag wins over its variable, which is `PARSIMONY_SIMULATOR_` and the flag's name in
 * capitals: `--latency-ms 50`, `PARSIMONY_SIMULATOR_LATENCY_MS=50`.
 *
 * @throws Error that names the flag which is unknown or wrong.
 */
export function readCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv): SimulatorOptions {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  let read: SimulatorOptions = { port: DEFAULT_PORT };
  for (const name of NAMES) {
    const text = values[name] ?? environment[variableOf(name)];
    if (typeof text === 'string') read = merge(read, readFlag(name, text));
  }
  return read;
}

function variableOf(name: Flag): string {
  return ENVIRONMENT_PREFIX + name.replaceAll('-', '_').toUpperCase();
}

function readFlag(name: Flag, text: string): SimulatorOptions {
  try {
    return FLAGS[name](text);
  } catch (error) {
    throw new InvalidField(`--${name}`, error instanceof Error ? error.message : String(error));
  }
}

/** Three flags share the setting `cachedTokens`; every other setting has one. */
function merge(first: SimulatorOptions, second: SimulatorOptions): SimulatorOptions {
  const settings = { ...first.settings, ...second.settings };
  const cachedTokens = { ...first.settings?.cachedTokens, ...second.settings?.cachedTokens };
  return { ...first, ...second, settings: { ...settings, cachedTokens } };
}

function setting(settings: SettingsPatch): SimulatorOptions {
  return { settings };
}

function toNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new Error(`expected a number, but got '${text}'`);
  return number;
}

function toPort(text: string): number {
  const port = toNumber(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`expected a port from 0 to 65535, but got '${text}'`);
  return port;
}

/** `20-60`, or `40` for exactly so many. */
function toRange(text: string): { min: number; max: number } {
  const [min = '', max = min] = text.split('-');
  return { min: toNumber(min), max: toNumber(max) };
}

/** `cut=0.1,slow=0.2`. */
function toShares(text: string): Record<string, number> {
  return Object.fromEntries(Object.entries(toPairs(text)).map(([name, value]) => [name, toNumber(value)]));
}

/** `chat=gpt-4.1,small=gpt-4.1-nano`. */
function toPairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name.trim(), value.trim()];
    }),
  );
}
