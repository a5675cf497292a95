import { randomUUID } from 'node:crypto';
import { BudgetExceeded } from '@parsimony/contract';
import type { Layer, ReplyEvent } from '@parsimony/contract';
import type { PluginTestDatabase } from '@parsimony/persistence/testing';
import { aScope } from '@parsimony/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asking, outcomeOf, SemanticsBench, startDatabase, textOf } from '../../test/semantics-bench.js';

let database: PluginTestDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

/** Wide enough that a handful of calls earns the first hit. */
const LENIENT = { maxErrorRate: 0.2, compare: 'text' };

const DARK = [
  'How do I enable dark mode?',
  'How can I enable dark mode?',
  'How do I enable the dark mode?',
  'How to enable dark mode?',
];

/** One answer to all wordings, but another to their opposite. */
function answer(question: string): string {
  return /disable/i.test(question)
    ? 'Switch it off.'
    : /dark/i.test(question)
      ? 'Open the settings.'
      : `On ${question}`;
}

/** Asks wordings of one question until one is served from the cache. */
async function askUntilServed(bench: SemanticsBench, layer: Layer, tenantId: string): Promise<ReplyEvent[]> {
  for (let round = 0; round < 100; round++) {
    const events = await bench.ask(layer, asking(DARK[round % DARK.length] ?? '', tenantId));
    if (outcomeOf(events) === 'semantic') return events;
    await bench.settled();
  }
  throw new Error('nothing was served from the cache');
}

it('serves a question in another wording once it has learnt that it may', async () => {
  await using bench = new SemanticsBench(database, answer);
  const events = await askUntilServed(bench, bench.layer(LENIENT), randomUUID());
  expect(textOf(events)).toBe('Open the settings.');
  const decision = events.find((event) => event.type === 'decision');
  expect(decision).toEqual({
    type: 'decision',
    saved: 18_000_000n,
    decision: {
      plugin: 'semantic-cache',
      summary: expect.any(String),
      detail: {
        cause: 'semantic',
        similarity: expect.any(Number),
        probability: expect.any(Number),
        ageSeconds: expect.any(Number),
        entry: expect.any(String),
      },
    },
  });
  expect(events.at(-1)).toMatchObject({ type: 'end', cost: 0n, usage: { input: 11, output: 7 } });
  expect(events.map(({ type }) => type)).toEqual(['start', 'decision', 'delta', 'delta', 'end']);
});

it('does not serve it to a question that means the opposite, to another tenant, or under another system prompt', async () => {
  await using bench = new SemanticsBench(database, answer);
  const layer = bench.layer(LENIENT);
  const tenantId = randomUUID();
  await askUntilServed(bench, layer, tenantId);
  const call = asking(DARK[0] ?? '', tenantId);
  const pirate = { ...call.body, messages: [{ role: 'system', content: 'Be a pirate.' }, ...call.body.messages] };
  const others = [
    asking('How do I disable dark mode?', tenantId),
    asking(DARK[0] ?? '', randomUUID()),
    { ...call, body: pirate },
    { ...call, stream: false },
  ];
  for (const other of others) {
    const events = await bench.ask(layer, other);
    expect(outcomeOf(events)).toBe('miss');
  }
  expect(textOf(await bench.ask(layer, asking('How do I disable dark mode?', tenantId)))).toBe('Switch it off.');
});

it("serves nothing of another tenant's, even from a store that mixes them up", async () => {
  let own = 'Open the settings.';
  await using bench = new SemanticsBench(database, () => own);
  const layer = bench.layer(LENIENT);
  const served = await askUntilServed(bench, layer, randomUUID());
  const decision = served.find((event) => event.type === 'decision')?.decision;
  bench.vectors.foreign = [{ id: decision?.detail['entry'] as string, similarity: 1 }];
  own = 'Ask our own desk.';
  const stranger = randomUUID();
  const hits = [];
  for (let round = 0; round < 60; round++) {
    const events = await bench.ask(layer, asking(DARK[round % DARK.length] ?? '', stranger));
    expect(textOf(events)).toBe('Ask our own desk.');
    if (outcomeOf(events) === 'semantic') hits.push(events);
    await bench.settled();
  }
  expect(hits.length).toBeGreaterThan(0);
});

it('asks afresh on the wish of the caller, and serves the newer answer from then on', async () => {
  let theme = 'Open the settings.';
  await using bench = new SemanticsBench(database, () => theme);
  const layer = bench.layer(LENIENT);
  const tenantId = randomUUID();
  await askUntilServed(bench, layer, tenantId);
  theme = 'Press F2.';
  for (const wording of DARK) {
    const events = await bench.ask(layer, asking(wording, tenantId, { cache: 'refresh' }));
    expect([outcomeOf(events), textOf(events)]).toEqual(['miss', 'Press F2.']);
  }
  await bench.settled();
  expect(textOf(await askUntilServed(bench, layer, tenantId))).toBe('Press F2.');
});

it('draws audits: the caller gets a fresh answer, and the figures tell how many were wrong', async () => {
  let drifted = false;
  await using bench = new SemanticsBench(database, (question) => (drifted ? 'All is new now.' : answer(question)));
  const layer = bench.layer(LENIENT);
  const tenantId = randomUUID();
  await askUntilServed(bench, layer, tenantId);
  drifted = true;
  bench.random = 0;
  const events = await bench.ask(layer, asking('How would I enable dark mode?', tenantId));
  expect([outcomeOf(events), textOf(events)]).toEqual(['miss', 'All is new now.']);
  expect(bench.egress.calls.at(-1)?.decisions.at(-1)?.detail).toMatchObject({ action: 'audit' });
  await bench.settled();
  const figures = await bench.quality(tenantId, LENIENT);
  expect(figures.find(({ kind }) => kind === 'chat')).toMatchObject({
    maxErrorRate: 0.2,
    audits: 1,
    falseHits: 1,
    falseHitRate: { rate: 1 },
    lookups: expect.any(Number),
    entries: expect.any(Number),
  });
});

it('hands calls on untouched that are none of its business', async () => {
  await using bench = new SemanticsBench(database, answer);
  const tenantId = randomUUID();
  const reply = bench.egress.next(asking('Why?', tenantId));
  const next = (): typeof reply => reply;
  const layers: [Layer, ReturnType<typeof asking>][] = [
    [bench.layer(LENIENT), asking('Why?', tenantId, { cache: 'no-store' })],
    [bench.layer({ semantic: false }), asking('Why?', tenantId)],
    [bench.layer({ maxErrorRate: 0 }), asking('Why?', tenantId)],
    [bench.layer({ embedder: 'local/none-here' }), asking('Why?', tenantId)],
    [
      bench.layer(LENIENT),
      { ...asking('Why?', tenantId), body: { ...asking('Why?', tenantId).body, temperature: 1.5 } },
    ],
    [bench.layer(LENIENT), { ...asking('?', tenantId) }],
  ];
  for (const [layer, call] of layers) expect(layer(call, next, aScope(next))).toBe(reply);
  expect(bench.health).toContainEqual(['embedder local/none-here', 'this deployment has no such embedder']);
});

it('leaves Russian to an embedder that reads it', async () => {
  await using bench = new SemanticsBench(database, answer);
  const call = asking('Как включить тёмную тему?', randomUUID());
  await bench.ask(bench.layer(LENIENT), call);
  expect(bench.embedder.asked).toEqual(['Как включить тёмную тему?']);
  bench.embedder.multilingual = false;
  const reply = bench.egress.next(call);
  const next = (): typeof reply => reply;
  expect(bench.layer(LENIENT)(call, next, aScope(next))).toBe(reply);
});

describe('while something is away', () => {
  it('passes by vectors that are away, asks them no more after five failures, and says so once', async () => {
    await using bench = new SemanticsBench(database, answer);
    const layer = bench.layer(LENIENT);
    const tenantId = randomUUID();
    bench.vectors.away = true;
    for (let round = 0; round < 8; round++) {
      const events = await bench.ask(layer, asking(DARK[0] ?? '', tenantId));
      expect([outcomeOf(events), textOf(events)]).toEqual(['bypass', 'Open the settings.']);
      await bench.settled();
    }
    expect(bench.vectors.searches).toBeLessThanOrEqual(5);
    expect(bench.health.filter(([part]) => part === 'vectors')).toHaveLength(1);
    expect(bench.egress.calls.at(-1)?.decisions.at(-1)?.detail).toEqual({ reason: 'vectors_unavailable' });
  });

  it('passes by an embedder that is away, or that may not be paid', async () => {
    await using bench = new SemanticsBench(database, answer);
    const layer = bench.layer(LENIENT);
    bench.embedder.away = true;
    expect(outcomeOf(await bench.ask(layer, asking(DARK[0] ?? '', randomUUID())))).toBe('bypass');
    bench.embedder.away = false;
    bench.embedder.refusal = new BudgetExceeded('spent');
    expect(outcomeOf(await bench.ask(layer, asking(DARK[0] ?? '', randomUUID())))).toBe('bypass');
  });

  it('waits for a slow embedder as long as it may and no longer, and still learns the answer', async () => {
    await using bench = new SemanticsBench(database, answer, { lookUpMs: 250 });
    const layer = bench.layer(LENIENT);
    const tenantId = randomUUID();
    const slow = Promise.withResolvers<void>();
    bench.embedder.delay = slow.promise;
    const began = performance.now();
    const events = await bench.ask(layer, asking(DARK[0] ?? '', tenantId));
    expect(outcomeOf(events)).toBe('bypass');
    expect(performance.now() - began).toBeLessThan(2_500);
    slow.resolve();
    await bench.settled();
    await vi.waitFor(async () =>
      expect(await bench.entries.count(tenantId)).toMatchObject([{ kind: 'semantic', entries: 1 }]),
    );
  });

  it('lets a caller go who leaves during the look-up', async () => {
    await using bench = new SemanticsBench(database, answer);
    const layer = bench.layer(LENIENT);
    const caller = new AbortController();
    const slow = Promise.withResolvers<void>();
    bench.embedder.delay = slow.promise;
    const asked = bench.ask(layer, asking(DARK[0] ?? '', randomUUID(), { signal: caller.signal }));
    caller.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
    expect(bench.egress.calls).toEqual([]);
    slow.resolve();
  });
});

it('keeps nothing of an answer that a filter has cut, or that was left', async () => {
  await using bench = new SemanticsBench(database, answer);
  const layer = bench.layer(LENIENT);
  const tenantId = randomUUID();
  for await (const event of layer(asking(DARK[0] ?? '', tenantId), bench.egress.next, aScope(bench.egress.next))) {
    if (event.type === 'delta') break;
  }
  await bench.settled();
  expect(await bench.entries.count(tenantId)).toEqual([]);
});

it("compares classes by a tenant's rule, apart from other answers, and books them as intermediate", async () => {
  const labels = ['complaint', 'question'];
  const rule = { match: { systemContains: 'CLASSIFY' }, labels };
  await using bench = new SemanticsBench(database, (text) =>
    text.length % 2 ? 'complaint' : 'The class is: Complaint',
  );
  const layer = bench.layer({ ...LENIENT, classifications: [rule] });
  const tenantId = randomUUID();
  const classify = async (text: string): Promise<ReplyEvent[]> => {
    const call = asking(text, tenantId);
    const system = { role: 'system', content: 'Classify the text.' };
    return bench.ask(layer, { ...call, body: { ...call.body, messages: [system, ...call.body.messages] } });
  };
  let served: ReplyEvent[] | undefined;
  for (let round = 0; round < 100 && !served; round++) {
    const events = await classify(
      `My card has not arrived yet${'!'.repeat(round % 4)} ${['Help', 'Please', 'Where is it', ''][round % 4]}`,
    );
    if (outcomeOf(events) === 'semantic') served = events;
    await bench.settled();
  }
  expect(served?.find((event) => event.type === 'decision')?.decision.detail['cause']).toBe('intermediate');
  const kinds = (await bench.quality(tenantId, LENIENT)).map(({ kind, hits }) => [kind, hits]);
  expect(kinds).toContainEqual(['classification', 1]);
});
