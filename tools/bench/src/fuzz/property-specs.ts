import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What specs import whose properties are tried as often as the environment says. */
const MARK = 'fuzz-cases.js';

/** Paths of the specs below a folder that have properties. */
export async function propertySpecs(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.filter((name) => name.endsWith('.spec.ts')).map((name) => join(folder, name));
  const marked = await Promise.all(paths.map(async (path) => (await readFile(path, 'utf8')).includes(MARK)));
  return paths.filter((_, index) => marked[index]);
}
