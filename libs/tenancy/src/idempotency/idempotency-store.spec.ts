import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseUnavailable, IdempotencyInProgress, IdempotencyKeyReused, InvalidRequest } from '@parsimony/contract';
import { createDataSource } from '@parsimony/persistence';
import { startTestDatabase } from '@parsimony/persistence/testing';
import type { TestDatabase } from '@parsimony/persistence/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rulesWith } from '../../test/plugins.js';
import { TENANCY_ENTITIES } from '../entities.js';
import { TenantService } from '../tenant.service.js';
import { newId } from '../uuid.js';
import { IdempotencyStore, type IdempotencyScope } from './idempotency-store.js';
import type { IdempotencyTurn } from './stored-answer.js';

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const REQUEST = hashOf('POST /v1/chat/completions {}');
const ANSWER = {
  status: 200,
  headers: ['content-type', 'text/event-stream', 'set-cookie', 'a=1', 'set-cookie', 'b=2'],
  body: Buffer.from('data: {"text":"Привет 👋"}\n\ndata: [DONE]\n\n'),
};

let database: TestDatabase;
/** A second gateway's connections. */
let elsewhere: DataSource;
let scope: IdempotencyScope;
let otherTenant: string;
beforeAll(async () => {
  database = await startTestDatabase({ entities: TENANCY_ENTITIES });
  elsewhere = await createDataSource(database.url, { entities: TENANCY_ENTITIES }).initialize();
  const tenants = new TenantService(database.dataSource, rulesWith());
  scope = { tenantId: (await tenants.create({ name: 'One', createdBy: 'spec' })).id, keyId: newId() };
  otherTenant = (await tenants.create({ name: 'Other', createdBy: 'spec' })).id;
});
afterAll(async () => {
  await elsewhere.destroy();
  await database.stop();
});

async function turnOf(store: IdempotencyStore, key: string, request = REQUEST): Promise<IdempotencyTurn> {
  const begun = await store.begin(scope, key, request);
  if (begun.state !== 'new') throw new Error('not a turn');
  return begun;
}

it('gives the answer again, byte for byte, at every gateway', async () => {
  const store = new IdempotencyStore(database.dataSource);
  const turn = await turnOf(store, 'ключ-1');
  await expect(store.begin(scope, 'ключ-1', REQUEST)).rejects.toMatchObject({
    code: 'idempotency_in_progress',
    headers: { 'retry-after': '1' },
  });
  expect(await turn.complete(ANSWER)).toBe(true);
  const other = new IdempotencyStore(elsewhere);
  for (const each of [store, other]) {
    const replay = await each.begin(scope, 'ключ-1', REQUEST);
    expect(replay).toEqual({ state: 'replay', answer: ANSWER });
  }
  expect(await turn.complete({ ...ANSWER, status: 500 }), 'an answer is given once').toBe(false);
});

it('of many that come at once to several gateways lets exactly one run', async () => {
  const stores = [new IdempotencyStore(database.dataSource), new IdempotencyStore(elsewhere)];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => stores[index % 2]!.begin(scope, 'burst', REQUEST)),
  );
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(won.map(({ value }) => value.state)).toEqual(['new']);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(IdempotencyInProgress);
  await (won[0]!.value as IdempotencyTurn).abandon();
});

it('refuses a key that came with another request, answered or not', async () => {
  const store = new IdempotencyStore(database.dataSource);
  const turn = await turnOf(store, 'reused');
  await expect(store.begin(scope, 'reused', hashOf('another'))).rejects.toBeInstanceOf(IdempotencyKeyReused);
  await turn.complete(ANSWER);
  await expect(store.begin(scope, 'reused', hashOf('another'))).rejects.toBeInstanceOf(IdempotencyKeyReused);
});

it('runs anew what was abandoned, or whose answer is too large to keep', async () => {
  const store = new IdempotencyStore(database.dataSource, { largestBody: 10 });
  await (await turnOf(store, 'abandoned')).abandon();
  await (await turnOf(store, 'abandoned', hashOf('another'))).abandon();
  expect(await (await turnOf(store, 'large')).complete(ANSWER)).toBe(false);
  await (await turnOf(store, 'large')).abandon();
});

it('keeps each API key’s keys apart, and each tenant’s', async () => {
  const store = new IdempotencyStore(database.dataSource);
  const turns = [
    await store.begin(scope, 'same', REQUEST),
    await store.begin({ ...scope, keyId: newId() }, 'same', REQUEST),
    await store.begin({ ...scope, tenantId: otherTenant }, 'same', REQUEST),
  ];
  expect(turns.map(({ state }) => state)).toEqual(['new', 'new', 'new']);
  for (const turn of turns) if (turn.state === 'new') await turn.abandon();
});

it('lets another gateway take over from one that died, and keeps nothing of the dead one', async () => {
  const dead = new IdempotencyStore(database.dataSource, { leaseMs: 200 });
  const turn = await turnOf(dead, 'crashed');
  // As a killed process does: its lease is never renewed again.
  await database.dataSource.query(
    `UPDATE idempotency_record SET leased_until = now() - interval '1 ms', holder = gen_random_uuid()
      WHERE idempotency_hash = $1`,
    [hashOf('crashed')],
  );
  const other = new IdempotencyStore(elsewhere);
  await expect(other.begin(scope, 'crashed', hashOf('another'))).rejects.toBeInstanceOf(IdempotencyKeyReused);
  const taken = await turnOf(other, 'crashed');
  expect(await turn.complete({ ...ANSWER, status: 500 })).toBe(false);
  await turn.abandon();
  expect(await taken.complete(ANSWER)).toBe(true);
  expect(await dead.begin(scope, 'crashed', REQUEST)).toMatchObject({ state: 'replay', answer: { status: 200 } });
});

it('keeps the turn of one that lives, however long it takes', async () => {
  const slow = new IdempotencyStore(database.dataSource, { leaseMs: 150 });
  const turn = await turnOf(slow, 'slow');
  const other = new IdempotencyStore(elsewhere);
  const until = Date.now() + 600;
  while (Date.now() < until) {
    await expect(other.begin(scope, 'slow', REQUEST)).rejects.toBeInstanceOf(IdempotencyInProgress);
    await delay(30);
  }
  expect(await turn.complete(ANSWER)).toBe(true);
});

it('forgets what has expired, and takes a key again that only waits to be forgotten', async () => {
  const short = new IdempotencyStore(database.dataSource, { keptMs: 1 });
  await (await turnOf(short, 'expired')).complete(ANSWER);
  await delay(5);
  await (await turnOf(short, 'expired', hashOf('another'))).complete(ANSWER);
  await delay(5);
  const store = new IdempotencyStore(database.dataSource);
  await (await turnOf(store, 'kept')).complete(ANSWER);
  expect(await store.purgeExpired()).toBe(1);
  expect(await store.begin(scope, 'kept', REQUEST)).toMatchObject({ state: 'replay' });
});

it.each(['', 'x'.repeat(256)])('refuses the key %j', async (key) => {
  const store = new IdempotencyStore(database.dataSource);
  await expect(store.begin(scope, key, REQUEST)).rejects.toBeInstanceOf(InvalidRequest);
});

it('says that the database is away', async () => {
  const store = new IdempotencyStore(database.dataSource);
  const turn = await turnOf(store, 'outage');
  await database.stopServer();
  try {
    await expect(store.begin(scope, 'outage-2', REQUEST)).rejects.toBeInstanceOf(DatabaseUnavailable);
    await expect(turn.complete(ANSWER)).rejects.toBeInstanceOf(DatabaseUnavailable);
  } finally {
    await database.startServer();
  }
});
