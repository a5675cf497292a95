import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'service-token';

/**
 * The token by which gateways of this folder prove themselves to the budgets service that `parsimony up` runs. It is made
 * once and kept, for its owner alone, so that other commands of this folder have it too.
 */
export async function ensureServiceToken(home: string): Promise<string> {
  const kept = await readServiceToken(home);
  if (kept !== undefined) return kept;
  const made = randomBytes(32).toString('base64url');
  const draft = join(home, `${FILE}.${randomUUID()}`);
  await writeFile(draft, made, { mode: 0o600 });
  try {
    // It appears whole, and only if there is none: of two that start at once both must have the same.
    await link(draft, join(home, FILE));
    return made;
  } catch (error) {
    const theirs = await readServiceToken(home);
    if (theirs === undefined) throw error;
    return theirs;
  } finally {
    await rm(draft);
  }
}

/** @returns undefined where none was made. */
export async function readServiceToken(home: string): Promise<string | undefined> {
  const token = await readFile(join(home, FILE), 'utf8').catch(() => '');
  return token.trim() || undefined;
}
