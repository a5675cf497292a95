import { parseArgs } from 'node:util';
import { parseUsd, type PicoDollars } from '@parsimony/contract';
import { DEFAULT_OPTIONS, type WitnessOptions } from './witness-options.js';

export const USAGE = `Usage: npm run witness -- --base-url URL --key KEY --bill URL --cap USD

  --base-url URL            of the gateway, such as http://127.0.0.1:4000/v1; several for several gateways with one cap
  --key KEY                 the key that has the cap
  --bill URL                of the simulator behind the gateway, such as http://127.0.0.1:4010/simulator/bill
  --bill-key LABEL          counts only this key of the bill, by its label there
  --cap USD                 such as 1.00
  --model NAME              ${DEFAULT_OPTIONS.model}
  --callers N               ${DEFAULT_OPTIONS.callers} at once for each base URL
  --seed N                  ${DEFAULT_OPTIONS.seed}; the calls are a function of it
  --largest-answer TOKENS   ${DEFAULT_OPTIONS.largestAnswer}; calls ask for 16 tokens to so many
  --streams SHARE           ${DEFAULT_OPTIONS.streams} of the calls
  --stop-after-refusals N   ${DEFAULT_OPTIONS.stopAfterRefusals} in a row end a caller
  --timeout SECONDS         ${DEFAULT_OPTIONS.timeoutMs / 1000}; then everybody stops
  --json                    prints the report as JSON

Exit code: 0 the cap held; 1 it did not; 2 nothing is proved: an option is wrong, an address does not answer, or callers
were left that had not been refused.`;

export interface CommandLine {
  readonly options: WitnessOptions;
  readonly json: boolean;
}

/** @throws Error that names the option that is missing, unknown or wrong. */
export function readOptions(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'base-url': { type: 'string', multiple: true },
      key: { type: 'string' },
      bill: { type: 'string' },
      'bill-key': { type: 'string' },
      cap: { type: 'string' },
      model: { type: 'string', default: DEFAULT_OPTIONS.model },
      callers: { type: 'string', default: String(DEFAULT_OPTIONS.callers) },
      seed: { type: 'string', default: String(DEFAULT_OPTIONS.seed) },
      'largest-answer': { type: 'string', default: String(DEFAULT_OPTIONS.largestAnswer) },
      streams: { type: 'string', default: String(DEFAULT_OPTIONS.streams) },
      'stop-after-refusals': { type: 'string', default: String(DEFAULT_OPTIONS.stopAfterRefusals) },
      timeout: { type: 'string', default: String(DEFAULT_OPTIONS.timeoutMs / 1000) },
      json: { type: 'boolean', default: false },
    },
  });
  const options: WitnessOptions = {
    baseUrls: (values['base-url'] ?? [missing('base-url')]).map((url) => address('base-url', url).replace(/\/+$/, '')),
    key: text('key', values.key),
    billUrl: address('bill', values.bill),
    billKey: values['bill-key'],
    cap: amount('cap', values.cap),
    model: text('model', values.model),
    callers: wholeNumber('callers', values.callers, 1, 10_000),
    seed: wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    largestAnswer: wholeNumber('largest-answer', values['largest-answer'], 16, 1_000_000),
    streams: share('streams', values.streams),
    stopAfterRefusals: wholeNumber('stop-after-refusals', values['stop-after-refusals'], 1, 1_000),
    timeoutMs: wholeNumber('timeout', values.timeout, 1, 86_400) * 1000,
  };
  return { options, json: values.json };
}

function missing(name: string): never {
  throw new Error(`--${name} is missing`);
}

function text(name: string, value: string | undefined): string {
  if (value === undefined) return missing(name);
  if (value.trim() === '') throw new Error(`--${name}: must not be empty`);
  return value;
}

function address(name: string, value: string | undefined): string {
  const url = URL.parse(text(name, value));
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href;
  throw new Error(`--${name}: expected an http or https address, but got '${value}'`);
}

function amount(name: string, value: string | undefined): PicoDollars {
  const cap = parsedUsd(name, text(name, value));
  if (cap <= 0n) throw new Error(`--${name}: must be above 0`);
  return cap;
}

function parsedUsd(name: string, value: string): PicoDollars {
  try {
    return parseUsd(value);
  } catch {
    throw new Error(`--${name}: expected USD such as 1.00, but got '${value}'`);
  }
}

function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isSafeInteger(number) || number < least || number > most)
    throw new Error(`--${name}: expected a whole number from ${least} to ${most}, but got '${value}'`);
  return number;
}

function share(name: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1))
    throw new Error(`--${name}: expected a share from 0 to 1, but got '${value}'`);
  return number;
}
