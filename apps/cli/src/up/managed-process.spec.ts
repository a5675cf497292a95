import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManagedProcess } from './managed-process.js';

/** Notes each start in a file, and is ready or not as its number says; once ready it dies when told so. */
const CHILD = `
const fs = require('node:fs');
fs.appendFileSync(process.env.STARTS, 'x');
const start = fs.readFileSync(process.env.STARTS, 'utf8').length;
if (process.env.FAILING.split(',').includes(String(start))) process.exit(7);
process.send({ start });
if (start < Number(process.env.DIES_UNTIL)) setImmediate(() => process.exit(9));
else setInterval(() => {}, 1000);
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parsimony-managed-'));
  writeFileSync(join(folder, 'child.cjs'), CHILD);
  vi.spyOn(console, 'error').mockReturnValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function managed(behaviour: { failing?: string; diesUntil?: number }, onGivenUp?: (reason: Error) => void) {
  const child = new ManagedProcess({
    name: 'the child',
    path: join(folder, 'child.cjs'),
    environment: {
      STARTS: join(folder, 'starts'),
      FAILING: behaviour.failing ?? '',
      DIES_UNTIL: String(behaviour.diesUntil ?? 0),
    },
    graceMs: 5_000,
    onGivenUp,
  });
  const starts = () => readFileSync(join(folder, 'starts'), 'utf8').length;
  return { child, starts };
}

describe('ManagedProcess', () => {
  it('says what a child says when it is ready, and that one ended before', async () => {
    const { child } = managed({ failing: '2' });
    expect(await child.start()).toEqual({ start: 1 });
    await child.stop();
    await expect(managed({ failing: '2' }).child.start()).rejects.toThrow('the child did not start; it ended with 7');
  });

  it('tries a child that others can do without again, also where it does not even start', async () => {
    const { child, starts } = managed({ failing: '2,3', diesUntil: 2 });
    await child.start();
    await expect.poll(starts, { timeout: 10_000 }).toBe(4);
    await child.stop();
  });

  it('gives up one that cannot be started again, where somebody wants to know', async () => {
    const givenUp = Promise.withResolvers<Error>();
    const { child } = managed({ failing: '2', diesUntil: 2 }, givenUp.resolve);
    await child.start();
    expect((await givenUp.promise).message).toMatch(/ended with 9, and could not be started again/);
    await child.stop();
  });

  it('starts nothing after it was stopped: nobody would stop that', async () => {
    const { child } = managed({});
    await child.stop();
    await expect(child.start()).rejects.toThrow('the child was stopped');
  });
});
