import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { trainWeights } from './cache/train-weights.js';
import { MissingData } from './data/missing-data.js';
import { isMet, toJson } from './report/measure.js';
import { tableOf } from './report/table.js';
import { SUBJECTS } from './subjects.js';

/** Bad input, or data that is not there. */
const EXIT_BAD_INPUT = 2;
const EXIT_MISSED = 1;
const MOST_SEEDS = 1_000;

interface Options {
  readonly data: string;
  readonly train?: string;
  readonly seeds: number;
  readonly json?: string;
  readonly cache: string;
  readonly out?: string;
}

export interface Output {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/**
 * The evaluation command.
 *
 * @param argv what stands behind the program's name.
 * @returns the exit code: 0 all targets met, 1 one missed, 2 bad input or no data.
 */
export async function evaluate(argv: readonly string[], { print, complain }: Output): Promise<number> {
  let code = 0;
  const command = new Command('evaluate')
    .description('Measures quality and savings on real data')
    .argument(
      '<subject>',
      `${[...SUBJECTS.keys()].join(', ')}; or cache-train, which learns the weights that the cache ships`,
    )
    .option('--data <folder>', 'what is evaluated on', '../shared/data')
    .option('--train <folder>', 'what is learned from; else the shipped weights, or cross-validation inside --data')
    .option('--seeds <n>', 'streams of each kind', seedsOf, 10)
    .option('--json <file>', 'writes the figures there as well')
    .option('--cache <folder>', 'keeps vectors between runs', join(tmpdir(), 'parsimony-evaluate'))
    .option('--out <file>', 'with cache-train: where the weights are written; else they are printed')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        print(text.trimEnd());
      },
      writeErr: (text) => {
        complain(text.trimEnd());
      },
    })
    .action(async (subject: string, options: Options) => {
      code = await run(subject, options, { print, complain });
    });
  try {
    await command.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof MissingData) {
      complain(error.message);
      return EXIT_BAD_INPUT;
    }
    if (error instanceof Error && 'exitCode' in error) return error.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
    throw error;
  }
}

async function run(name: string, options: Options, { print, complain }: Output): Promise<number> {
  const subject = SUBJECTS.get(name);
  if (subject === undefined && name !== 'cache-train') {
    complain(`There is no subject '${name}'. Subjects: ${[...SUBJECTS.keys(), 'cache-train'].join(', ')}.`);
    return EXIT_BAD_INPUT;
  }
  for (const folder of [options.data, options.train]) {
    if (folder !== undefined && !existsSync(folder)) throw new MissingData(`there is no folder ${folder}`);
  }
  const { data, train, seeds, cache, json, out } = options;
  if (subject === undefined) {
    const source = await trainWeights({ data, cache, log: complain });
    if (out === undefined) print(source);
    else writeFileSync(out, source);
    return 0;
  }
  const figures = await subject({ data, train, seeds, cache, log: complain });
  print(tableOf(figures));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(toJson(figures), null, 2)}\n`);
  return figures.every(isMet) ? 0 : EXIT_MISSED;
}

function seedsOf(text: string): number {
  const seeds = Number(text);
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > MOST_SEEDS) {
    throw new InvalidArgumentError(`a whole number from 1 to ${String(MOST_SEEDS)} is wanted`);
  }
  return seeds;
}
