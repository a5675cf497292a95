import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'database-address';

/** Lets other commands find the embedded database that `parsimony up` runs. It holds a password: for its owner alone. */
export async function writeAddress(home: string, url: string): Promise<void> {
  const path = join(home, FILE);
  // The mode of an existing file stays as it is.
  await rm(path, { force: true });
  await writeFile(path, url, { mode: 0o600 });
}

export async function removeAddress(home: string): Promise<void> {
  await rm(join(home, FILE), { force: true });
}

/** @returns undefined where nothing runs, as far as the folder knows. */
export async function readAddress(home: string): Promise<string | undefined> {
  return readFile(join(home, FILE), 'utf8').catch(() => undefined);
}
