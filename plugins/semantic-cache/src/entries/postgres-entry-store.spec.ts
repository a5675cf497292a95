import { randomUUID } from 'node:crypto';
import { DatabaseUnavailable } from '@parsimony/contract';
import type { Host, PluginDatabase } from '@parsimony/contract';
import { startPluginDatabase, type PluginTestDatabase } from '@parsimony/persistence/testing';
import { aHost, within } from '@parsimony/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { anEntry } from '../../test/an-entry.js';
import { AwayDatabase } from '../../test/away-database.js';
import { migrations } from '../migrations.js';
import type { Entry } from './entry.js';
import { PostgresEntryStore, type EntryStoreOptions } from './postgres-entry-store.js';

const LIMITS = { maxEntries: 1_000, maxBytes: 10_000_000 };

let postgres: PluginTestDatabase;
let tenantId: string;
let stores: PostgresEntryStore[] = [];

beforeAll(async () => {
  postgres = await startPluginDatabase({ name: 'semantic-cache', migrations });
});

afterAll(() => postgres[Symbol.asyncDispose]());

beforeEach(() => (tenantId = randomUUID()));

afterEach(async () => {
  for (const store of stores) await store[Symbol.asyncDispose]();
  stores = [];
});

/** A gateway's store, and which statements it has sent. */
function openStore(options: Partial<EntryStoreOptions> = {}): { store: PostgresEntryStore; statements: string[] } {
  const statements: string[] = [];
  const database = postgres.another();
  const watched: PluginDatabase = {
    query: (statement, values) => {
      statements.push(statement);
      return database.query(statement, values);
    },
    asTenant: (tenant, work) => database.asTenant(tenant, work),
    listen: (channel, heard) => database.listen(channel, heard),
    notify: (channel, payload) => database.notify(channel, payload),
  };
  // A machine that runs many specs at once answers late now and then.
  const store = new PostgresEntryStore(aHost({ database: watched }), { lookUpMs: 5_000, ...options });
  stores.push(store);
  return { store, statements };
}

const mine = (changes: Partial<Entry> = {}): Entry => anEntry({ tenantId, ...changes });

async function rows(): Promise<readonly { id: string; hits: string; last_hit_at: Date; created_at: Date }[]> {
  return postgres.capability.query('SELECT id, hits, last_hit_at, created_at FROM entry WHERE tenant_id = $1', [
    tenantId,
  ]);
}

const written = (count: number): Promise<unknown> => vi.waitUntil(async () => (await rows()).length === count, 5_000);

describe('keeping', () => {
  it('gives an entry back at once, and from PostgreSQL with every field', async () => {
    const entry = mine({
      kind: 'result',
      scope: 'scope',
      namespace: 'answers',
      question: 'Сколько стоит ёлка?',
      signature: { words: ['ёлка'], negated: false },
    });
    const { store } = openStore();
    store.keep(entry, LIMITS);
    expect(store.recall(tenantId, entry.id)).toBe(entry);
    await written(1);
    expect(await openStore().store.find(tenantId, entry.id)).toEqual(entry);
  });

  it('keeps fields that are not there, and bytes of any kind', async () => {
    const entry = mine({ key: null, prompt: null, target: null, answer: Buffer.from([0, 255, 39, 92, 34, 10]) });
    await openStore().store.keepNow(entry, LIMITS);
    expect(await openStore().store.find(tenantId, entry.id)).toEqual(entry);
  });

  it('writes many in few statements', async () => {
    const { store, statements } = openStore();
    for (let index = 0; index < 400; index += 1) store.keep(mine(), LIMITS);
    await written(400);
    expect(statements.length).toBeLessThanOrEqual(3);
  });

  it('replaces an entry of the same id by a newer one, also within a batch, and never by an older one', async () => {
    const entry = mine();
    const newer = { ...entry, answer: Buffer.from('новее'), createdAt: entry.createdAt + 1 };
    const { store } = openStore();
    store.keep(entry, LIMITS);
    store.keep(newer, LIMITS);
    await written(1);
    await store.keepNow(entry, LIMITS);
    expect(await openStore().store.find(tenantId, entry.id)).toEqual(newer);
  });

  it('does without the character NUL, which PostgreSQL does not take', async () => {
    const entry = mine({ question: 'a\0b', prompt: 'a\0b', signature: { text: 'a\0b \\u0000' } });
    const { store } = openStore();
    await store.keepNow(entry, LIMITS);
    expect(await openStore().store.find(tenantId, entry.id)).toMatchObject({
      question: 'a b',
      signature: { text: 'a b \\u0000' },
    });
  });

  it('passes over an entry that PostgreSQL refuses, and writes the others of its batch', async () => {
    const { store } = openStore();
    store.keep(mine({ id: 'no uuid' }), LIMITS);
    store.keep(mine(), LIMITS);
    await written(1);
    await expect(store.keepNow(mine({ tenantId: 'no uuid' }), LIMITS)).rejects.toThrow(DatabaseUnavailable);
  });

  it('writes what waits when it closes', async () => {
    const { store } = openStore();
    for (let index = 0; index < 450; index += 1) store.keep(mine(), LIMITS);
    await store[Symbol.asyncDispose]();
    expect((await rows()).length).toBe(450);
  });

  it('keeps no more waiting than it may', async () => {
    const warn = vi.fn();
    const host: Host<'database'> = { ...aHost({ database: new AwayDatabase() }), log: { ...aHost().log, warn } };
    await using store = new PostgresEntryStore(host, { queueBytes: 10_000 });
    for (let index = 0; index < 100; index += 1) store.keep(mine(), LIMITS);
    expect(warn.mock.calls.map(([message]) => String(message))).toEqual([
      'answers are not kept: too many wait to be written',
    ]);
    await expect(store.keepNow(mine(), LIMITS)).rejects.toThrow(DatabaseUnavailable);
  });
});

describe('finding', () => {
  it('asks once for all look-ups of one moment, equal ones together', async () => {
    const entries = Array.from({ length: 20 }, () => mine());
    const other = openStore().store;
    await Promise.all(entries.map((entry) => other.keepNow(entry, LIMITS)));
    const { store, statements } = openStore();
    const ids = [...entries, ...entries].map(({ id }) => id);
    const found = await Promise.all([...ids, randomUUID()].map((id) => store.find(tenantId, id)));
    expect(found.map((entry) => entry?.id)).toEqual([...ids, undefined]);
    expect(statements.length).toBe(1);
    expect(store.recall(tenantId, ids[0] ?? '')).toBeDefined();
  });

  it("finds no other tenant's entry, whatever its id", async () => {
    const entry = mine();
    const { store } = openStore();
    await store.keepNow(entry, LIMITS);
    expect(store.recall(randomUUID(), entry.id)).toBeUndefined();
    expect(await store.find(randomUUID(), entry.id)).toBeUndefined();
  });

  it('finds nothing that has expired', async () => {
    const entry = mine({ expiresAt: Date.now() - 1 });
    const { store } = openStore();
    await store.keepNow(entry, LIMITS);
    expect(store.recall(tenantId, entry.id)).toBeUndefined();
    expect(await store.find(tenantId, entry.id)).toBeUndefined();
  });

  it('forgets first what was used least recently when the memory is full, and finds it again', async () => {
    const { store } = openStore({ memoryBytes: 1_200 });
    const entries = [mine(), mine(), mine()];
    for (const entry of entries) await store.keepNow(entry, LIMITS);
    const [first, , last] = entries;
    expect(store.recall(tenantId, last?.id ?? '')).toBe(last);
    expect(store.recall(tenantId, first?.id ?? '')).toBeUndefined();
    expect(await store.find(tenantId, first?.id ?? '')).toEqual(first);
  });
});

describe('limits', () => {
  it('evicts what was used least recently, by count', async () => {
    const { store } = openStore();
    const entries = Array.from({ length: 5 }, (_, index) => mine({ createdAt: Date.now() - 10_000 + index }));
    for (const entry of entries) await store.keepNow(entry, { ...LIMITS, maxEntries: 3 });
    if (entries[0]) store.served(entries[0]);
    await store.tidy();
    const left = (await rows()).map(({ id }) => id);
    expect(left.sort()).toEqual([entries[0], entries[3], entries[4]].map((entry) => entry?.id).sort());
    expect(await store.find(tenantId, entries[1]?.id ?? '')).toBeUndefined();
  });

  it('evicts by bytes, and leaves other tenants alone', async () => {
    const { store } = openStore();
    const other = anEntry({ tenantId: randomUUID(), answer: Buffer.alloc(3_000) });
    await store.keepNow(other, LIMITS);
    for (let index = 0; index < 4; index += 1)
      await store.keepNow(mine({ answer: Buffer.alloc(1_000) }), { ...LIMITS, maxBytes: 3_000 });
    await store.tidy();
    const [counted] = await store.count(tenantId);
    expect(counted).toMatchObject({ kind: 'exact', entries: 2 });
    expect(counted?.bytes).toBeLessThanOrEqual(3_000);
    expect(await openStore().store.find(other.tenantId, other.id)).toEqual(other);
  });

  it('gives up what has expired', async () => {
    const { store } = openStore();
    await store.keepNow(mine({ expiresAt: Date.now() - 1 }), LIMITS);
    const lasting = mine();
    await store.keepNow(lasting, LIMITS);
    await store.tidy();
    expect((await rows()).map(({ id }) => id)).toEqual([lasting.id]);
  });

  it('counts hits together, by entry', async () => {
    const { store, statements } = openStore();
    const entry = mine({ createdAt: Date.now() - 10_000 });
    await store.keepNow(entry, LIMITS);
    statements.length = 0;
    for (let hit = 0; hit < 100; hit += 1) store.served(entry);
    await store.tidy();
    expect(await rows()).toMatchObject([{ hits: '100' }]);
    expect(statements.filter((statement) => statement.includes('SET hits')).length).toBe(1);
    const [row] = await rows();
    expect(row && row.last_hit_at.getTime() - row.created_at.getTime()).toBeGreaterThan(5_000);
  });

  it('tells who holds vectors what is gone, exact entries apart', async () => {
    const { store } = openStore();
    const semantic = mine({ kind: 'semantic', key: null, expiresAt: Date.now() - 1 });
    for (const entry of [semantic, mine({ expiresAt: Date.now() - 1 })]) await store.keepNow(entry, LIMITS);
    const forgotten: unknown[] = [];
    store.onForgotten(async (each) => void forgotten.push(each));
    await store.tidy();
    expect(forgotten).toEqual([{ tenantId, ids: [semantic.id] }]);
  });
});

describe('purging', () => {
  it('forgets everything of a tenant, here, in PostgreSQL and at other gateways', async () => {
    const [here, there] = [openStore().store, openStore().store];
    const entries = [mine(), mine({ kind: 'result', namespace: 'answers' })];
    for (const entry of entries) await here.keepNow(entry, LIMITS);
    const other = anEntry({ tenantId: randomUUID() });
    await here.keepNow(other, LIMITS);
    for (const entry of [...entries, other]) expect(await there.find(entry.tenantId, entry.id)).toBeDefined();
    expect(await here.purge(tenantId, {})).toBe(2);
    for (const { id } of entries) expect(await here.find(tenantId, id)).toBeUndefined();
    await vi.waitUntil(() => entries.every(({ id }) => there.recall(tenantId, id) === undefined), 5_000);
    expect(there.recall(other.tenantId, other.id)).toBeDefined();
    expect(await rows()).toEqual([]);
  });

  it('forgets what was asked with a text in it, in any case, and what it does not know of', async () => {
    const { store } = openStore();
    const about = mine({ prompt: 'сколько стоит ёлка?' });
    const unknown = mine({ prompt: null });
    const others = [mine({ prompt: 'сколько стоит елка?' }), mine({ prompt: '100% ёл_ка' })];
    for (const entry of [about, unknown, ...others]) await store.keepNow(entry, LIMITS);
    expect(await store.purge(tenantId, { promptContains: 'ЁЛКА' })).toBe(2);
    expect(others.map(({ id }) => store.recall(tenantId, id))).toEqual(others);
    expect((await rows()).map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort());
    expect(await store.purge(tenantId, { promptContains: '% ёл_' })).toBe(1);
  });

  it('forgets what is older, and what is of a namespace: all that every field says', async () => {
    const { store } = openStore();
    const now = Date.now();
    const old = mine({ kind: 'result', namespace: 'answers', createdAt: now - 10_000 });
    const recent = mine({ kind: 'result', namespace: 'answers', createdAt: now });
    const exact = mine({ createdAt: now - 10_000 });
    for (const entry of [old, recent, exact]) await store.keepNow(entry, LIMITS);
    expect(await store.purge(tenantId, { olderThan: now - 5_000, namespace: 'answers' })).toBe(1);
    expect(await store.purge(tenantId, { olderThan: now - 5_000 })).toBe(1);
    expect(await store.purge(tenantId, { namespace: 'answers' })).toBe(1);
  });

  it('keeps nothing that was asked for before it and comes after it', async () => {
    const [here, there] = [openStore().store, openStore().store];
    const late = mine();
    const queued = mine();
    here.keep(queued, LIMITS);
    // It listens once something that is said reaches it.
    const probe = mine();
    await here.keepNow(probe, LIMITS);
    await there.find(tenantId, probe.id);
    await here.purge(tenantId, {});
    await vi.waitUntil(() => there.recall(tenantId, probe.id) === undefined, 5_000);
    for (const store of [here, there]) {
      store.keep(late, LIMITS);
      expect(store.recall(tenantId, late.id)).toBeUndefined();
    }
    const fresh = mine({ createdAt: Date.now() + 1_000 });
    await here.keepNow(fresh, LIMITS);
    expect((await rows()).map(({ id }) => id)).toEqual([fresh.id]);
  });

  it('waits until the vectors are gone as well, and does not mind where they cannot be reached', async () => {
    const { store } = openStore();
    const semantic = mine({ kind: 'semantic', key: null });
    await store.keepNow(semantic, LIMITS);
    const told: unknown[] = [];
    store.onForgotten(async (forgotten) => {
      await new Promise(setImmediate);
      told.push(forgotten);
      throw new Error('no vectors');
    });
    expect(await store.purge(tenantId, {})).toBe(1);
    expect(told).toEqual([{ tenantId, ids: [semantic.id] }]);
  });

  it('takes a text that is longer than a notice', async () => {
    const { store } = openStore();
    await store.keepNow(mine({ prompt: `начало ${'ё'.repeat(9_000)} конец` }), LIMITS);
    expect(await store.purge(tenantId, { promptContains: 'Ё'.repeat(8_000) })).toBe(1);
  });
});

describe('a database that is away', () => {
  it('costs look-ups nothing after a few failures, and is tried again', async () => {
    const database = new AwayDatabase();
    const reportHealth = vi.fn();
    await using store = new PostgresEntryStore({ ...aHost({ database }), reportHealth });
    for (let look = 0; look < 50; look += 1)
      await expect(store.find(tenantId, randomUUID())).rejects.toThrow(DatabaseUnavailable);
    expect(database.attempts).toBe(5);
    expect(reportHealth.mock.calls).toEqual([['entries', expect.stringContaining('no connection')]]);
  });

  it('answers late: nobody waits longer than the deadline', async () => {
    const database: PluginDatabase = { ...fromAway(), query: () => new Promise(() => undefined) };
    await using store = new PostgresEntryStore(aHost({ database }), { lookUpMs: 20 });
    await expect(within(1_000, store.find(tenantId, randomUUID()), 'the look-up ends')).rejects.toThrow('within 20 ms');
  });

  it('gets what was kept meanwhile when it is back', async () => {
    const { store } = openStore({ lookUpMs: 200 });
    await store.keepNow(mine(), LIMITS);
    await postgres.database.stopServer();
    try {
      const entry = mine();
      store.keep(entry, LIMITS);
      expect(store.recall(tenantId, entry.id)).toBe(entry);
      await expect(store.keepNow(mine(), LIMITS)).rejects.toThrow(DatabaseUnavailable);
      await expect(store.purge(tenantId, {})).rejects.toThrow(DatabaseUnavailable);
    } finally {
      await postgres.database.startServer();
    }
    const later = mine({ createdAt: Date.now() + 1_000 });
    store.keep(later, LIMITS);
    await vi.waitUntil(async () => (await rows()).some(({ id }) => id === later.id), 15_000);
  });
});

describe('walls', () => {
  it('stand around every table', async () => expect(await postgres.openTables()).toEqual([]));

  it('show a tenant its own entries only, whatever is asked', async () => {
    const other = anEntry({ tenantId: randomUUID() });
    const { store } = openStore();
    for (const entry of [mine(), other]) await store.keepNow(entry, LIMITS);
    const seen = await postgres.capability.asTenant(tenantId, (sql) =>
      sql<{ tenant_id: string }>('SELECT tenant_id FROM entry'),
    );
    expect(seen).toEqual([{ tenant_id: tenantId }]);
    await postgres.capability.asTenant(tenantId, (sql) => sql('DELETE FROM entry'));
    expect(await openStore().store.find(other.tenantId, other.id)).toEqual(other);
  });
});

function fromAway(): PluginDatabase {
  const away = new AwayDatabase();
  return {
    query: away.query,
    asTenant: () => away.asTenant(),
    listen: () => away.listen(),
    notify: () => away.notify(),
  };
}
