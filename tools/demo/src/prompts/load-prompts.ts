import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave } from './interleave.js';
import { parsePrompts, type Prompt } from './prompt.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const BESIDE_REPOSITORY = join(ROOT, '../shared/data/prompts');
const OWN = fileURLToPath(new URL('../../prompts', import.meta.url));
const ARENA_FILES = [
  'arena_hard_v0.1_en.dev.jsonl',
  'ru_arena_general.dev.jsonl',
  'arena_hard_v2.0.dev.jsonl',
  'ru_arena_hard.dev.jsonl',
];
const OWN_FILES = ['english.jsonl', 'russian.jsonl'];

export interface LoadedPrompts {
  readonly prompts: readonly Prompt[];
  readonly source: string;
  /** Whether these are the demo's own few prompts, since no others were there. */
  readonly own: boolean;
}

/**
 * @param folder where the arena files are; left out: beside the repository.
 * @param count how many prompts; repeated where the files have fewer.
 * @param beside where they are looked for without `folder`.
 * @throws Error where a folder that was asked for has none of the files.
 */
export async function loadPrompts(
  folder: string | undefined,
  count: number,
  beside = BESIDE_REPOSITORY,
): Promise<LoadedPrompts> {
  const source = folder ?? beside;
  const found = ARENA_FILES.filter((file) => existsSync(join(source, file)));
  if (found.length > 0) return { prompts: await read(source, found, count), source, own: false };
  if (folder !== undefined) throw new Error(`${folder} has none of ${ARENA_FILES.join(', ')}`);
  return { prompts: await read(OWN, OWN_FILES, count), source: OWN, own: true };
}

async function read(folder: string, files: readonly string[], count: number): Promise<Prompt[]> {
  const lists = await Promise.all(
    files.map(async (file) => parsePrompts(await readFile(join(folder, file), 'utf8'), file)),
  );
  return interleave(lists, count);
}
