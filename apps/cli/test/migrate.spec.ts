import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORE_MIGRATIONS } from '@parsimony/persistence';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from './command-line.js';
import { emptyDatabaseBeside } from './fresh-database.js';

let database: TestDatabase;
beforeAll(async () => void (database = await startTestDatabase()));
afterAll(() => database.stop());

describe('parsimony migrate', () => {
  it('names what it runs, once, and what is pending before', async () => {
    const run = commandLine({ DATABASE_URL: await emptyDatabaseBeside(database.url, 'bare') });
    const names = CORE_MIGRATIONS.map(({ name }) => name);
    const before = await run('migrate', '--check');
    expect(before).toMatchObject({ code: 1, err: expect.stringMatching(/run `parsimony migrate`/) });
    expect(before.out).toMatch(
      new RegExp(`^${names.map((name) => `pending ${name}`).join('\n')}(\npending semantic-cache/.+)+$`),
    );
    const first = await run('migrate');
    expect(first.code).toBe(0);
    for (const name of names) expect(first.out).toContain(`ran ${name}`);
    expect(await run('migrate')).toMatchObject({ code: 0, out: 'the database is up to date' });
    expect(await run('migrate', '--check')).toMatchObject({ code: 0 });
  });

  it('makes the key of the environment an operator’s', async () => {
    const url = await emptyDatabaseBeside(database.url, 'administered');
    const run = commandLine({ DATABASE_URL: url, PARSIMONY_ADMIN_KEY: 'the key of this spec' });
    for (const round of [1, 2])
      expect(await run('migrate'), String(round)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/an operator’s key/),
      });
    expect((await run('migrate')).out).not.toContain('the key of this spec');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      expect((await client.query('SELECT name FROM operator_key')).rows).toEqual([{ name: 'PARSIMONY_ADMIN_KEY' }]);
    } finally {
      await client.end();
    }
  });

  it('does not take a database of a later release for its own', async () => {
    const later = await startTestDatabase();
    try {
      await later.dataSource.query(
        `INSERT INTO core_migration (timestamp, name) VALUES (9999999999999, 'FromTheFuture')`,
      );
      const check = await commandLine({ DATABASE_URL: later.url })('migrate', '--check');
      expect(check).toMatchObject({ code: 1, err: expect.stringMatching(/FromTheFuture is unknown here/) });
    } finally {
      await later.stop();
    }
  });

  it('exits with 3 where the database is away', async () => {
    const run = commandLine({ DATABASE_URL: 'postgres://postgres:x@127.0.0.1:1/parsimony' });
    expect(await run('migrate')).toMatchObject({ code: 3, err: expect.stringMatching(/database is away/) });
    expect(await run('migrate', '--check')).toMatchObject({ code: 3 });
  });

  it('says that the database refuses, in one line', async () => {
    const wrong = Object.assign(new URL(database.url), { password: 'hush' });
    const { code, err } = await commandLine({ DATABASE_URL: wrong.href })('migrate');
    expect(code).toBe(1);
    expect(err).toBe('the database refused: password authentication failed for user "postgres" [28P01]');
  });

  it('says what to set where there is no database at all', async () => {
    const home = mkdtempSync(join(tmpdir(), 'parsimony-nowhere-'));
    try {
      expect(await commandLine({ PARSIMONY_HOME: home })('migrate')).toMatchObject({
        code: 2,
        err: expect.stringMatching(/set DATABASE_URL/),
      });
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});

describe('the command line', () => {
  const run = commandLine({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' });

  it('exits with 2 for what it does not know, and suggests', async () => {
    expect(await run('migrat')).toMatchObject({ code: 2, err: expect.stringMatching(/Did you mean migrate\?/) });
    expect(await run('migrate', '--chek')).toMatchObject({ code: 2, err: expect.stringMatching(/--check/) });
    expect(await run('backup')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/missing required argument 'file'/),
    });
  });

  it('exits with 2 for an environment that is wrong, before it looks for the database', async () => {
    const wrong = commandLine({ DATABASE_URL: 'mysql://secret-host/x', PARSIMONY_DRAIN: '1' });
    const { code, err } = await wrong('migrate');
    expect(code).toBe(2);
    expect(err).toMatch(/PARSIMONY_DRAIN is unknown; did you mean PARSIMONY_/);
    expect(err).not.toContain('secret-host');
  });

  it('explains every command', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const command of ['up', 'migrate', 'doctor', 'tenants', 'keys', 'prices', 'retention', 'backup', 'restore']) {
      expect(out).toMatch(new RegExp(`^ +${command}\\b`, 'm'));
      expect(await run(command, '--help')).toMatchObject({ code: 0, out: expect.stringMatching(/Usage: parsimony/) });
    }
  });
});
