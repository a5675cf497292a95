import { randomUUID } from 'node:crypto';
import type { PluginDatabase } from '@parsimony/contract';
import { startPluginDatabase, type PluginTestDatabase } from '@parsimony/persistence/testing';
import { aHost } from '@parsimony/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signatureOf, Verifier, type Neighbour, type Observation } from '../verification/index.js';
import { LEARNING_MIGRATION } from './migration.js';
import { ObservationLog, type Lesson } from './observation-log.js';
import { SharedLearning } from './shared-learning.js';
import { VerifierSnapshots } from './verifier-snapshots.js';

let plugin: PluginTestDatabase;

beforeAll(async () => {
  plugin = await startPluginDatabase({ name: 'semantic-cache', migrations: [LEARNING_MIGRATION] });
});

afterAll(() => plugin[Symbol.asyncDispose]());

const TEXTS = ['How do I enable dark mode?', 'How to switch the dark theme on?', 'Как включить тёмную тему?'];

/** An observation as a verifier asks for it. */
function observationOf(text: string, right: boolean): Observation {
  const neighbour: Neighbour = { entry: randomUUID(), answer: 'a', similarity: 0.9, signature: signatureOf(text) };
  const { pending } = new Verifier().decide(signatureOf(TEXTS[0] ?? ''), [neighbour], 0, () => 0.5);
  if (!pending) throw new Error('nothing to learn');
  return { ...pending, right };
}

function lesson(number: number, kind = 'chat'): Lesson {
  const observation = observationOf(TEXTS[number % TEXTS.length] ?? '', number % 3 !== 0);
  return { kind, observation, askedEntryId: randomUUID() };
}

function sharedLearning(database: PluginDatabase = plugin.capability): SharedLearning {
  return new SharedLearning(database, aHost().log);
}

/** What verifiers hold, as far as it can be told from outside. */
async function stateOf(learning: SharedLearning, tenantId: string, kind = 'chat'): Promise<string> {
  return JSON.stringify((await learning.of(tenantId)).of(kind).snapshot());
}

it('lets no tenant see what another has taught', async () => {
  expect(await plugin.openTables()).toEqual([]);
  const [tenant, other] = [randomUUID(), randomUUID()];
  await using learning = sharedLearning();
  learning.learn(tenant, lesson(1));
  await learning.settle();
  expect((await learning.of(tenant)).seq).toBe(1);
  expect((await learning.of(other)).seq).toBe(0);
  const seen = await plugin.capability.asTenant(other, (sql) => sql('SELECT * FROM observation'));
  expect(seen).toEqual([]);
});

it('shares what one gateway learns with the others, soon, and folds the same in each', async () => {
  const tenant = randomUUID();
  await using one = sharedLearning();
  await using other = sharedLearning(plugin.another());
  await Promise.all([one.of(tenant), other.of(tenant)]);
  for (let number = 0; number < 20; number++) (number % 2 ? one : other).learn(tenant, lesson(number));
  await Promise.all([one.settle(), other.settle()]);
  await vi.waitFor(async () => {
    expect((await one.of(tenant)).seq).toBe(20);
    expect((await other.of(tenant)).seq).toBe(20);
  });
  expect(await stateOf(one, tenant)).toBe(await stateOf(other, tenant));
});

it('numbers observations without gaps, however many gateways append at once', async () => {
  const tenant = randomUUID();
  const logs = [plugin.capability, plugin.another(), plugin.another()].map((database) => new ObservationLog(database));
  await Promise.all(
    Array.from({ length: 30 }, (_, number) => logs[number % 3]!.append(tenant, [lesson(number), lesson(number + 1)])),
  );
  const read = await logs[0]?.readAfter(tenant, 0, 1_000);
  expect(read?.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});

it('begins where it stopped: a restart folds the snapshot and what came after', async () => {
  const tenant = randomUUID();
  let before: string;
  {
    await using learning = sharedLearning();
    for (let number = 0; number < 40; number++)
      learning.learn(tenant, lesson(number, number % 2 ? 'chat' : 'results/faq'));
    await learning.settle();
    before = await stateOf(learning, tenant);
  }
  const snapshot = await new VerifierSnapshots(plugin.capability).load(tenant);
  expect(snapshot.seq).toBe(40);
  expect(Object.keys(snapshot.states).sort()).toEqual(['chat', 'results/faq']);
  await using again = sharedLearning();
  expect(await stateOf(again, tenant)).toBe(before);
  again.learn(tenant, lesson(1));
  await again.settle();
  expect((await again.of(tenant)).seq).toBe(41);
});

it('never takes an older snapshot over a newer one', async () => {
  const tenant = randomUUID();
  const snapshots = new VerifierSnapshots(plugin.capability);
  await snapshots.save(tenant, { seq: 7, states: {} });
  await snapshots.save(tenant, { seq: 5, states: { chat: new Verifier().snapshot() } });
  expect(await snapshots.load(tenant)).toEqual({ seq: 7, states: {} });
});

it('catches up from a snapshot where observations behind it are gone', async () => {
  const tenant = randomUUID();
  await using slow = sharedLearning();
  await slow.of(tenant);
  {
    await using quick = sharedLearning(plugin.another());
    await quick.of(tenant);
    for (let number = 0; number < 5; number++) quick.learn(tenant, lesson(number));
    await quick.settle();
  }
  await plugin.capability.query('DELETE FROM observation WHERE tenant_id = $1 AND seq <= 5', [tenant]);
  {
    await using quick = sharedLearning(plugin.another());
    quick.learn(tenant, lesson(5));
    await quick.settle();
  }
  await vi.waitFor(async () => expect((await slow.of(tenant)).seq).toBe(6));
});

describe('while the database is away', () => {
  it('keeps lessons and counts until it is back', async () => {
    const tenant = randomUUID();
    const broken = new BreakableDatabase(plugin.capability);
    await using learning = sharedLearning(broken);
    await learning.of(tenant);
    broken.away = true;
    learning.learn(tenant, lesson(1));
    learning.quality.add(tenant, 'chat', { lookups: 3 });
    await learning.settle();
    broken.away = false;
    learning.learn(tenant, lesson(2));
    learning.quality.add(tenant, 'chat', { lookups: 1, audits: 1, falseHits: 1 });
    await learning.settle();
    expect((await learning.of(tenant)).seq).toBe(2);
    const counts = await learning.quality.read(tenant);
    expect(counts.get('chat')).toEqual({ lookups: 4, hits: 0, explorations: 0, audits: 1, falseHits: 1 });
  });

  it('says that a tenant cannot be learnt of, and can be later', async () => {
    const broken = new BreakableDatabase(plugin.capability);
    await using learning = sharedLearning(broken);
    broken.away = true;
    const tenant = randomUUID();
    await expect(learning.of(tenant)).rejects.toThrow('away');
    broken.away = false;
    expect((await learning.of(tenant)).seq).toBe(0);
  });
});

it('adds up the counts of all gateways', async () => {
  const tenant = randomUUID();
  await using one = sharedLearning();
  await using other = sharedLearning(plugin.another());
  one.quality.add(tenant, 'chat', { lookups: 5, hits: 2 });
  other.quality.add(tenant, 'chat', { lookups: 7, explorations: 1 });
  other.quality.add(tenant, 'results/faq', { lookups: 1 });
  await Promise.all([one.settle(), other.settle()]);
  expect(Object.fromEntries(await one.quality.read(tenant))).toEqual({
    chat: { lookups: 12, hits: 2, explorations: 1, audits: 0, falseHits: 0 },
    'results/faq': { lookups: 1, hits: 0, explorations: 0, audits: 0, falseHits: 0 },
  });
});

/** The real database, which can be away. */
class BreakableDatabase implements PluginDatabase {
  away = false;

  constructor(private readonly database: PluginDatabase) {}

  readonly query: PluginDatabase['query'] = async (statement, values) => {
    this.#check();
    return this.database.query(statement, values);
  };

  readonly asTenant: PluginDatabase['asTenant'] = async (tenantId, work) => {
    this.#check();
    return this.database.asTenant(tenantId, work);
  };

  listen(channel: string, heard: (payload: string | null) => void): Disposable {
    return this.database.listen(channel, heard);
  }

  async notify(channel: string, payload: string): Promise<void> {
    this.#check();
    return this.database.notify(channel, payload);
  }

  #check(): void {
    if (this.away) throw new Error('the database is away');
  }
}
