import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Folder of the arena prompts; left out: beside the repository. */
  readonly data: string | undefined;
  readonly calls: number;
  readonly concurrency: number;
}

export const USAGE = 'Usage: npm run demo -- [--calls 400] [--concurrency 8] [--data DIR]';

/** @throws Error that names the option which is unknown or wrong. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      calls: { type: 'string', default: '400' },
      concurrency: { type: 'string', default: '8' },
    },
  });
  return {
    data: values.data,
    calls: positive('--calls', values.calls, 100_000),
    concurrency: positive('--concurrency', values.concurrency, 256),
  };
}

function positive(name: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new Error(`${name}: expected a whole number from 1 to ${most}, but got '${text}'`);
  return number;
}
