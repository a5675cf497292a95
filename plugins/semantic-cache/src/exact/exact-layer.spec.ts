import { BudgetExceeded, ProviderUnreachable } from '@parsimony/contract';
import type { Call, JsonObject, Reply, ReplyEvent } from '@parsimony/contract';
import {
  aDelta,
  aHost,
  anAnswerTo,
  anEnd,
  aReply,
  aScope,
  aStart,
  collect,
  FakeEgress,
  within,
} from '@parsimony/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwayDatabase } from '../../test/away-database.js';
import { aChat, aMessage, anEmbedding, asking, aResponse } from '../../test/calls.js';
import { FIXED_PRICES, priceOf } from '../../test/fixed-prices.js';
import { SlowReply } from '../../test/slow-reply.js';
import { configuration } from '../configuration.js';
import { PostgresEntryStore } from '../entries/index.js';
import { Flights } from '../flight/index.js';
import { exactLayer } from './exact-layer.js';

let entries: PostgresEntryStore;
let flights: Flights;

// Everything here has to go on without the database; what it adds, the specs of the store say.
beforeEach(() => {
  entries = new PostgresEntryStore(aHost({ database: new AwayDatabase() }));
  flights = new Flights();
});

afterEach(async () => {
  vi.useRealTimers();
  if (flights.size > 0) throw new Error('a flight is left behind');
  await entries[Symbol.asyncDispose]();
});

type Ask = (call: Call, egress: FakeEgress) => Reply;

function layerOf(config: JsonObject = {}): Ask {
  const parts = { entries, flights, models: FIXED_PRICES, log: aHost().log };
  const layer = exactLayer(parts, configuration.parse(config));
  return (call, { next }) => layer(call, next, aScope(next));
}

const typesOf = (events: readonly ReplyEvent[]): string => events.map(({ type }) => type).join(' ');
const wiresOf = (events: readonly ReplyEvent[]): string[] =>
  events.flatMap((event) => ('wire' in event && event.wire ? [Buffer.from(event.wire).toString()] : []));
const causesOf = (events: readonly ReplyEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'decision' ? [event.decision.detail['cause']] : []));

const savedBy = (events: readonly ReplyEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'decision' ? [event.saved] : []));

const PRICE = priceOf(anEnd().usage);

describe('an equal call', () => {
  it.each<[string, Call]>([
    ['a stream', asking('Назови простое число.')],
    ['a whole answer', aChat({}, { stream: false })],
    ['a response', aResponse()],
    ['a message', aMessage()],
    ['an embedding', anEmbedding()],
  ])('is answered from the cache: %s', async (_, call) => {
    const egress = new FakeEgress();
    const ask = layerOf();
    const first = await collect(ask(call, egress));
    const second = await collect(ask({ ...call, id: 'second' }, egress));
    expect(egress.calls.length).toBe(1);
    expect(first).toEqual(anAnswerTo(call));
    expect(wiresOf(second)).toEqual(wiresOf(first));
    expect(second[0]).toMatchObject({ type: 'start', cache: 'exact', target: call.target });
    expect(second[1]).toMatchObject({
      type: 'decision',
      saved: PRICE,
      decision: { plugin: 'semantic-cache', detail: { cause: 'exact' } },
    });
    expect(second.at(-1)).toEqual({ ...anEnd(), cost: 0n });
  });

  it('that differs in anything is asked', async () => {
    const egress = new FakeEgress();
    const ask = layerOf();
    const call = asking('Сколько будет 2 + 2?');
    for (const each of [
      call,
      asking('Сколько будет 2 + 3?'),
      { ...call, caller: { ...call.caller, tenantId: 'another' } },
    ])
      await collect(ask(each, egress));
    expect(egress.calls.length).toBe(3);
  });

  it.each<[string, Call, JsonObject]>([
    ['no-store', aChat({}, { cache: 'no-store' }), {}],
    ['a high temperature', aChat({ temperature: 1.5 }), {}],
    ['a number that JavaScript rounds', aChat({ seed: 2 ** 60 }), {}],
    ['an exact cache that is switched off', aChat(), { exact: false }],
    ['a cache that is switched off', aChat(), { exact: false, singleFlight: false }],
  ])('is asked again with %s', async (_, call, config) => {
    const egress = new FakeEgress();
    const ask = layerOf(config);
    for (let round = 0; round < 2; round += 1)
      expect(typesOf(await collect(ask(call, egress)))).not.toContain('decision');
    expect(egress.calls.length).toBe(2);
  });

  it('says in the record why it was not cached, where its caller may wonder', async () => {
    const egress = new FakeEgress();
    await collect(layerOf()(aChat({ temperature: 1.5 }), egress));
    await collect(layerOf()(aChat({}, { cache: 'no-store' }), egress));
    expect(egress.calls.map(({ decisions }) => decisions.map(({ detail }) => detail))).toEqual([
      [{ reason: 'temperature' }],
      [],
    ]);
  });

  it('is asked afresh where its caller wants that, and the fresh answer replaces the old one', async () => {
    const call = aChat();
    let answers = 0;
    const egress = new FakeEgress((inner) => aReply([aStart(inner), aDelta(inner, `answer ${++answers}`), anEnd()]));
    const ask = layerOf();
    await collect(ask(call, egress));
    expect(wiresOf(await collect(ask({ ...call, cache: 'refresh' }, egress)))[0]).toContain('answer 2');
    expect(wiresOf(await collect(ask(call, egress)))[0]).toContain('answer 2');
    expect(egress.calls.length).toBe(2);
  });

  it('is asked again when the answer is too old, by the rules of today', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    const egress = new FakeEgress();
    await collect(layerOf({ ttlHours: 2 })(aChat(), egress));
    vi.setSystemTime(1_000_000 + 3_600_000);
    await collect(layerOf({ ttlHours: 2 })(aChat(), egress));
    expect(egress.calls.length).toBe(1);
    await collect(layerOf({ ttlHours: 1 })(aChat(), egress));
    expect(egress.calls.length).toBe(2);
  });

  it.each<[string, (call: Call) => Reply]>([
    ['failed', () => failing(1)],
    ['was cut by a budget', (call) => aReply([{ ...aStart(call), maxTokens: 16 }, aDelta(call, 'да'), anEnd()])],
    ['was another question’s', (call) => aReply([{ ...aStart(call), cache: 'semantic' }, aDelta(call, 'да'), anEnd()])],
  ])('is asked again where the first answer %s', async (_, body) => {
    const egress = new FakeEgress(body);
    const ask = layerOf();
    for (let round = 0; round < 2; round += 1) await collect(ask(aChat(), egress)).catch(() => undefined);
    expect(egress.calls.length).toBe(2);
  });

  it('is asked again where its first caller left early', async () => {
    const egress = new FakeEgress();
    const ask = layerOf();
    for await (const event of ask(aChat(), egress)) if (event.type === 'delta') break;
    expect([egress.opened, egress.closed, egress.aborted.length]).toEqual([1, 1, 1]);
    await collect(ask(aChat(), egress));
    expect(egress.calls.length).toBe(2);
  });
});

describe('equal calls under way', () => {
  it('share one provider call: 1,000 callers, 1,000 right answers', async () => {
    const slow = new SlowReply();
    const egress = new FakeEgress(slow.body);
    const ask = layerOf();
    const calls = Array.from({ length: 1_000 }, () => asking('Один вопрос на всех'));
    const replies = calls.map((call) => collect(ask(call, egress)));
    await vi.waitUntil(() => egress.opened === 1);
    slow.allow(Infinity);
    const answers = await Promise.all(replies);
    expect(egress.calls.length).toBe(1);
    const leader = calls.find(({ id }) => id === egress.calls[0]?.id);
    if (!leader) throw new Error('nobody was asked for');
    for (const [index, events] of answers.entries()) {
      expect(wiresOf(events)).toEqual(wiresOf(anAnswerTo(leader)));
      if (calls[index] === leader) expect(events).toEqual(anAnswerTo(leader));
      else {
        expect(causesOf(events)).toEqual(['shared']);
        expect(events[0]).toMatchObject({ cache: 'exact' });
        expect(savedBy(events)).toEqual([anEnd().cost]);
        expect(events.at(-1)).toMatchObject({ cost: 0n, saved: 0n });
      }
    }
    expect(answers.filter((events) => causesOf(events).length === 0).length).toBe(1);
  });

  it('get the stream live, from its first event on, however late they come', async () => {
    const slow = new SlowReply();
    const egress = new FakeEgress(slow.body);
    const ask = layerOf();
    const first = ask(aChat(), egress)[Symbol.asyncIterator]();
    slow.allow(2);
    expect([await type(first), await type(first)]).toEqual(['start', 'delta']);
    const late = ask(aChat(), egress)[Symbol.asyncIterator]();
    expect([await type(late), await type(late)]).toEqual(['start', 'delta']);
    const waiting = Promise.all([type(first), type(late)]);
    slow.allow(1);
    expect(await within(1_000, waiting, 'the third event')).toEqual(['delta', 'delta']);
    slow.allow(Infinity);
    expect(await Promise.all([rest(first), rest(late)])).toEqual(['delta end', 'delta decision end']);
    expect(egress.calls.length).toBe(1);
  });

  it('go on when the first caller leaves, and when another does', async () => {
    const slow = new SlowReply();
    const egress = new FakeEgress(slow.body);
    const ask = layerOf();
    const leaver = new AbortController();
    const first = ask(aChat({}, { signal: leaver.signal }), egress)[Symbol.asyncIterator]();
    const [second, third] = [
      ask(aChat(), egress)[Symbol.asyncIterator](),
      ask(aChat(), egress)[Symbol.asyncIterator](),
    ];
    slow.allow(1);
    await Promise.all([type(first), type(second), type(third)]);
    const gone = type(first);
    leaver.abort(new Error('left'));
    await expect(within(1_000, gone, 'the leaver is let go')).rejects.toThrow('left');
    await third.return?.();
    expect(egress.aborted).toEqual([]);
    slow.allow(Infinity);
    expect(await rest(second)).toBe('delta delta delta decision end');
    expect(egress.closed).toBe(1);
  });

  it('end the provider call when all have left', async () => {
    const slow = new SlowReply();
    const egress = new FakeEgress(slow.body);
    const ask = layerOf();
    const replies = [1, 2, 3].map(() => ask(aChat(), egress)[Symbol.asyncIterator]());
    slow.allow(1);
    await Promise.all(replies.map(type));
    for (const reply of replies) {
      expect([egress.aborted.length, egress.closed]).toEqual([0, 0]);
      await within(1_000, Promise.resolve(reply.return?.()), 'leaving');
    }
    expect([egress.aborted.length, egress.closed]).toEqual([1, 1]);
  });

  it('pull the provider no faster than the fastest of them reads, and wait for no slower one', async () => {
    const slow = new SlowReply();
    const egress = new FakeEgress(slow.body);
    const ask = layerOf();
    slow.allow(Infinity);
    const [idle, fast] = [ask(aChat(), egress)[Symbol.asyncIterator](), ask(aChat(), egress)[Symbol.asyncIterator]()];
    await Promise.all([type(idle), type(fast)]);
    expect(slow.given).toBe(1);
    expect(await within(1_000, rest(fast), 'the faster one')).toBe('delta delta delta decision end');
    expect(await rest(idle)).toBe('delta delta delta end');
  });

  it('fail alike with what the provider says', async () => {
    const slow = new SlowReply();
    const egress = new FakeEgress(slow.body);
    const ask = layerOf();
    const replies = [1, 2, 3].map(() => collect(ask(aChat(), egress)));
    const error = new ProviderUnreachable('no connection');
    await vi.waitUntil(() => egress.opened === 1);
    slow.fail(error);
    const outcomes = await Promise.allSettled(replies);
    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: error })));
    expect(egress.calls.length).toBe(1);
  });

  it('ask for themselves where the first caller alone was refused', async () => {
    const refused = new BudgetExceeded('the team has spent its budget');
    let opened = 0;
    const egress = new FakeEgress((call) => (++opened === 1 ? refusing(refused) : aReply(anAnswerTo(call))));
    const ask = layerOf();
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => collect(ask(aChat(), egress))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(egress.calls.length).toBe(3);
  });

  it('ask for themselves where the first caller’s budget cuts its answer', async () => {
    let opened = 0;
    const egress = new FakeEgress((call) => {
      const [start, ...others] = anAnswerTo(call);
      return aReply(
        ++opened === 1 && start?.type === 'start' ? [{ ...start, maxTokens: 16 }, ...others] : anAnswerTo(call),
      );
    });
    const ask = layerOf();
    const replies = await Promise.all([1, 2].map(() => collect(ask(aChat(), egress))));
    expect(replies.map(([start]) => start)).toMatchObject([{ maxTokens: 16 }, { cache: 'miss' }]);
    expect(replies[1]?.[0]).not.toHaveProperty('maxTokens');
  });

  it('are not shared where the tenant does not want it, nor by one who wants a fresh answer', async () => {
    const slow = new SlowReply();
    const egress = new FakeEgress(slow.body);
    const alone = layerOf({ singleFlight: false });
    const ask = layerOf();
    const answers = [alone(aChat(), egress), alone(aChat(), egress), ask(aChat(), egress)].map(collect);
    await vi.waitUntil(() => egress.opened === 3);
    answers.push(collect(ask(aChat({}, { cache: 'refresh' }), egress)));
    await vi.waitUntil(() => egress.opened === 4);
    slow.allow(Infinity);
    await Promise.all(answers);
  });

  it('say each caller’s share, to the last pico-dollar, where costs are split', async () => {
    const end = anEnd({ cost: 100n });
    const egress = new FakeEgress((call) => aReply([aStart(call), aDelta(call, 'да'), end]));
    const ask = layerOf({ splitCost: 'equal' });
    const answers = await Promise.all([1, 2, 3].map(() => collect(ask(aChat(), egress))));
    const shares = answers.map((events) =>
      events.flatMap((event) => (event.type === 'decision' ? [event.decision.detail['share']] : [])),
    );
    expect(shares).toEqual([['0.000000000034'], ['0.000000000033'], ['0.000000000033']]);
    expect(answers.map((events) => events.at(-1))).toMatchObject([{ cost: 100n }, { cost: 0n }, { cost: 0n }]);
    expect(answers.map(savedBy)).toEqual([[undefined], [100n], [100n]]);
  });

  it('are joined by no one once the answer is whole, so that shares add up', async () => {
    const egress = new FakeEgress();
    const ask = layerOf({ exact: false, splitCost: 'equal' });
    const first = ask(aChat(), egress)[Symbol.asyncIterator]();
    while ((await type(first)) !== 'end');
    await collect(ask(aChat(), egress));
    expect(egress.calls.length).toBe(2);
    expect(await rest(first)).toBe('');
  });

  it('save what the shared answer was worth, where that one came from another cache', async () => {
    const found: ReplyEvent = {
      type: 'decision',
      decision: { plugin: 'another', summary: 'a hit', detail: {} },
      saved: 70n,
    };
    const egress = new FakeEgress((call) =>
      aReply([{ ...aStart(call), cache: 'semantic' }, found, aDelta(call, 'да'), anEnd({ cost: 0n })]),
    );
    const ask = layerOf();
    const [first = [], second = []] = await Promise.all([1, 2].map(() => collect(ask(aChat(), egress))));
    expect([savedBy(first), savedBy(second)]).toEqual([[70n], [70n]]);
    expect(causesOf(second)).toEqual(['shared']);
    expect(second[0]).toMatchObject({ cache: 'semantic' });
  });

  it('of an answer that is too long to remember are joined by no one, and lose nothing', async () => {
    const long = (call: Call): readonly ReplyEvent[] => [
      aStart(call),
      ...Array.from({ length: 3 }, (_, index) => aDelta(call, String(index).repeat(600_000))),
      anEnd(),
    ];
    const slow = new SlowReply(long);
    const egress = new FakeEgress(slow.body);
    const ask = layerOf();
    const [first, second] = [
      ask(aChat(), egress)[Symbol.asyncIterator](),
      ask(aChat(), egress)[Symbol.asyncIterator](),
    ];
    slow.allow(1);
    await type(first);
    await type(second);
    slow.allow(2);
    expect([await type(first), await type(first)]).toEqual(['delta', 'delta']);
    const late = collect(ask(aChat(), egress));
    await vi.waitUntil(() => egress.opened === 2);
    slow.allow(Infinity);
    expect(await Promise.all([rest(first), rest(second)])).toEqual(['delta end', 'delta delta delta decision end']);
    expect(typesOf(await late)).toBe('start delta delta delta end');
  });
});

async function* failing(eventsBefore: number): AsyncGenerator<ReplyEvent> {
  for (const event of anAnswerTo(aChat()).slice(0, eventsBefore)) yield event;
  throw new ProviderUnreachable('no connection');
}

async function* refusing(error: Error): AsyncGenerator<ReplyEvent> {
  yield* [];
  throw error;
}

async function type(events: AsyncIterator<ReplyEvent>): Promise<string | undefined> {
  const step = await events.next();
  return step.done ? undefined : step.value.type;
}

async function rest(events: AsyncIterator<ReplyEvent>): Promise<string> {
  const types: string[] = [];
  for (let next = await type(events); next !== undefined; next = await type(events)) types.push(next);
  return types.join(' ');
}
