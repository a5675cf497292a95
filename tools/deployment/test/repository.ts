import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A path from the repository's root. */
export function pathOf(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

export function textOf(path: string): string {
  return readFileSync(pathOf(path), 'utf8');
}

export function jsonOf(path: string): object {
  return JSON.parse(textOf(path)) as object;
}
