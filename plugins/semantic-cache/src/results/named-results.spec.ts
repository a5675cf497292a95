import { randomUUID } from 'node:crypto';
import { InvalidRequest } from '@parsimony/contract';
import type { CallContext, Json, ResultCache, ResultLookup } from '@parsimony/contract';
import type { PluginTestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking, SemanticsBench, startDatabase } from '../../test/semantics-bench.js';
import { readTicket, writeTicket } from './ticket.js';

let database: PluginTestDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

const LENIENT = { maxErrorRate: 0.2, compare: 'text' };

function openBench(): SemanticsBench {
  return new SemanticsBench(database, () => 'unused');
}

function asker(tenantId: string, changes: Partial<CallContext> = {}): CallContext {
  return { ...asking('', tenantId), ...changes };
}

const WORDINGS = [
  'What are your opening hours?',
  'What are the opening hours?',
  'What are your opening hours today?',
  'Which are your opening hours?',
];

/** Asks for a result, and makes it where there is none. */
async function resultOf(results: ResultCache, context: CallContext, input: string, make: Json): Promise<ResultLookup> {
  const found = await results.lookUp(context, { namespace: 'faq', input });
  if (found.outcome === 'miss') {
    const ticket = found.ticket === null ? {} : { ticket: found.ticket };
    await results.keep(context, { namespace: 'faq', input, value: make, cost: 5_000n, ...ticket });
  }
  return found;
}

it.each([
  ['a text', 'Nine to five.'],
  ['a Russian text', 'С девяти до пяти.'],
  ['an object', { answer: 'Nine to five', sources: [1, 2] }],
  ['an embedding', [0.1, -0.2, 1e-9]],
  ['null', null],
])('gives back %s for the same input, at what it had cost', async (_what, value) => {
  await using bench = openBench();
  const results = bench.results(LENIENT);
  const context = asker(randomUUID());
  const question = { namespace: 'faq', input: 'Часы работы?' };
  expect(await results.lookUp(context, question)).toMatchObject({ outcome: 'miss', value: null, saved: 0n });
  const id = await results.keep(context, { ...question, value, cost: 70_000n });
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  const spaced = { ...question, input: '  Часы \n работы? ' };
  expect(await results.lookUp(context, spaced)).toEqual({
    outcome: 'exact',
    value,
    similarity: 1,
    ticket: null,
    saved: 70_000n,
  });
});

it('keeps namespaces, tenants and inputs apart', async () => {
  await using bench = openBench();
  const results = bench.results(LENIENT);
  const context = asker(randomUUID());
  const question = { namespace: 'faq', input: 'Opening hours?' };
  await results.keep(context, { ...question, value: 'Nine to five.' });
  const others: [CallContext, string, string][] = [
    [context, 'other', 'Opening hours?'],
    [context, 'faq', 'Closing hours?'],
    [asker(randomUUID()), 'faq', 'Opening hours?'],
  ];
  for (const [who, namespace, input] of others) {
    expect((await results.lookUp(who, { namespace, input })).outcome).toBe('miss');
  }
});

it('serves another wording once it has learnt from tickets that it may', async () => {
  await using bench = openBench();
  const results = bench.results({ ...LENIENT, exact: false });
  const context = asker(randomUUID());
  let found: ResultLookup | undefined;
  for (let round = 0; round < 100 && found?.outcome !== 'semantic'; round++) {
    found = await resultOf(results, context, WORDINGS[round % WORDINGS.length] ?? '', 'Nine to five.');
    await bench.settled();
  }
  expect(found).toMatchObject({ outcome: 'semantic', value: 'Nine to five.', ticket: null, saved: 5_000n });
  const [figures] = await bench.quality(context.caller.tenantId, LENIENT);
  expect(figures).toMatchObject({
    kind: 'results/faq',
    hits: 1,
    explorations: expect.any(Number),
    entries: expect.any(Number),
  });
});

it('learns nothing from tickets that are none, and none the less keeps the value', async () => {
  await using bench = openBench();
  const results = bench.results(LENIENT);
  const context = asker(randomUUID());
  for (const ticket of ['', 'x', 'WzEsMl0', Buffer.from('[1,"not a uuid"]').toString('base64url')]) {
    await results.keep(context, { namespace: 'faq', input: 'Opening hours?', value: 1, ticket });
  }
  await bench.settled();
  expect((await results.lookUp(context, { namespace: 'faq', input: 'Opening hours?' })).value).toBe(1);
  expect(await bench.quality(context.caller.tenantId, LENIENT)).toMatchObject([
    { kind: 'results/faq', explorations: 0, audits: 0 },
  ]);
});

it('writes tickets that any gateway reads', () => {
  const pending = {
    entry: randomUUID(),
    answer: 'answer',
    evidence: [0.5, -1.25, 0],
    prior: 1.5,
    score: -0.25,
    audit: true,
    auditRate: 0.02,
  };
  expect(readTicket(writeTicket(pending))).toEqual(pending);
  expect(readTicket(writeTicket({ ...pending, audit: false, auditRate: 1 }))).toEqual({
    ...pending,
    audit: false,
    auditRate: 1,
  });
});

it('forgets a namespace when it is purged', async () => {
  await using bench = openBench();
  const results = bench.results(LENIENT);
  const context = asker(randomUUID());
  for (const namespace of ['faq', 'other'])
    await results.keep(context, { namespace, input: 'Opening hours?', value: 1 });
  expect(await bench.entries.purge(context.caller.tenantId, { namespace: 'faq' })).toBe(1);
  expect((await results.lookUp(context, { namespace: 'faq', input: 'Opening hours?' })).outcome).toBe('miss');
  expect((await results.lookUp(context, { namespace: 'other', input: 'Opening hours?' })).outcome).toBe('exact');
});

it('lets a result expire', async () => {
  await using bench = openBench();
  const results = bench.results(LENIENT);
  const context = asker(randomUUID(), { receivedAt: Date.now() - 10_000 });
  await results.keep(context, { namespace: 'faq', input: 'Opening hours?', value: 1, ttlMs: 9_000 });
  expect((await results.lookUp(context, { namespace: 'faq', input: 'Opening hours?' })).outcome).toBe('miss');
});

it('asks for a fresh value on the wish of the caller', async () => {
  await using bench = openBench();
  const results = bench.results(LENIENT);
  const tenantId = randomUUID();
  await results.keep(asker(tenantId), { namespace: 'faq', input: 'Opening hours?', value: 1 });
  for (const cache of ['refresh', 'no-store'] as const) {
    expect(
      (await results.lookUp(asker(tenantId, { cache }), { namespace: 'faq', input: 'Opening hours?' })).outcome,
    ).toBe('miss');
  }
});

it('goes on with what is found by its letters while vectors are away', async () => {
  await using bench = openBench();
  bench.vectors.away = true;
  const results = bench.results(LENIENT);
  const context = asker(randomUUID());
  expect((await results.lookUp(context, { namespace: 'faq', input: 'Opening hours?' })).outcome).toBe('miss');
  await results.keep(context, { namespace: 'faq', input: 'Opening hours?', value: 1 });
  expect((await results.lookUp(context, { namespace: 'faq', input: 'Opening hours?' })).outcome).toBe('exact');
});

describe('refuses by name', () => {
  it.each([
    ['namespace', { namespace: 'Not so', input: 'x', value: 1 }],
    ['namespace', { namespace: 'a'.repeat(65), input: 'x', value: 1 }],
    ['input', { namespace: 'faq', input: '  ', value: 1 }],
    ['input', { namespace: 'faq', input: 'я'.repeat(40_000), value: 1 }],
    ['value', { namespace: 'faq', input: 'x', value: 'я'.repeat(140_000) }],
  ])('%s', async (param, result) => {
    await using bench = openBench();
    const kept = bench.results(LENIENT).keep(asker(randomUUID()), result);
    await expect(kept).rejects.toThrow(InvalidRequest);
    await expect(kept).rejects.toMatchObject({ param });
  });
});
