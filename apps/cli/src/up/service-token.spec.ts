import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureServiceToken, readServiceToken } from './service-token.js';

let home: string;
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'parsimony-token-'))));
afterAll(() => rmSync(home, { recursive: true }));

it('is made once, also by several that start at once, and is its owner’s alone', async () => {
  expect(await readServiceToken(home)).toBeUndefined();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => ensureServiceToken(home)));
  expect(new Set(tokens).size).toBe(1);
  expect(tokens[0]).toMatch(/^[\w-]{43}$/);
  expect(await readServiceToken(home)).toBe(tokens[0]);
  expect(readdirSync(home)).toEqual(['service-token']);
  expect(statSync(join(home, 'service-token')).mode & 0o777).toBe(0o600);
});
