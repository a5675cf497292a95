import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `parsimony up` runs and other commands of the same folder ask. */
export type Addressed = 'database' | 'budgets';

/** Lets other commands find what `parsimony up` runs. That of the database holds a password: for its owner alone. */
export async function writeAddress(home: string, of: Addressed, url: string): Promise<void> {
  const path = pathOf(home, of);
  // The mode of an existing file stays as it is.
  await rm(path, { force: true });
  await writeFile(path, url, { mode: 0o600 });
}

export async function removeAddress(home: string, of: Addressed): Promise<void> {
  await rm(pathOf(home, of), { force: true });
}

/** @returns undefined where nothing runs, as far as the folder knows. */
export async function readAddress(home: string, of: Addressed): Promise<string | undefined> {
  return readFile(pathOf(home, of), 'utf8').catch(() => undefined);
}

function pathOf(home: string, of: Addressed): string {
  return join(home, `${of}-address`);
}
