import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../../../../shared/data/prompts/', import.meta.url);

/** Whether the prompts lie beside the repository. */
export function hasPrompts(): boolean {
  const present = existsSync(FOLDER);
  if (!present) console.warn('SKIPPED: ../shared/data/prompts is absent, so nothing is counted in real prompts');
  return present;
}

/** The prompts of a JSONL file, gzip or not. */
export function readPrompts(name: string): string[] {
  const bytes = readFileSync(new URL(name, FOLDER));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { prompt: string }).prompt);
}
