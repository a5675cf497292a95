import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Not our own, and nothing that was built. */
const ELSEWHERE = /(^|[/\\])(node_modules|dist)[/\\]/;

/**
 * Paths of the specs below a folder that have properties.
 *
 * @param mark what stands in a spec whose properties are tried as often as the environment says.
 */
export async function propertySpecs(folder: string, mark: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names
    .filter((name) => name.endsWith('.spec.ts') && !ELSEWHERE.test(name))
    .map((name) => join(folder, name));
  const marked = await Promise.all(paths.map(async (path) => (await readFile(path, 'utf8')).includes(mark)));
  return paths.filter((_, index) => marked[index]);
}
