import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@parsimony/persistence';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeAddress, writeAddress } from '../src/database/address-file.js';
import { commandLine } from './command-line.js';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'parsimony-embedded-'));
  chmodSync(home, 0o755);
});
afterAll(() => rmSync(home, { recursive: true }));

it('works on the embedded database, whether `parsimony up` runs it at the moment or not', async () => {
  const run = commandLine({ PARSIMONY_HOME: home });
  const postgres = await startEmbeddedPostgres({ dataDirectory: join(home, 'postgres'), log: SILENT, durable: false });
  try {
    await writeAddress(home, 'database', postgres.url);
    expect(statSync(join(home, 'database-address')).mode & 0o777).toBe(0o600);
    expect(await run('migrate')).toMatchObject({ code: 0, out: expect.stringMatching(/up to date after/) });
  } finally {
    await postgres.stop();
  }
  // Killed, `up` leaves the address behind.
  expect(await run('migrate', '--check')).toMatchObject({ code: 0, out: expect.stringMatching(/up to date/) });
  await removeAddress(home, 'database');
  expect(await run('keys', 'create', '--operator')).toMatchObject({ code: 0, out: expect.stringMatching(/^psk_/) });
});
