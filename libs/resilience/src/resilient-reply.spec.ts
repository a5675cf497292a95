import { ProviderBusy, type Reply, type ReplyEvent } from '@parsimony/contract';
import { anAnswerTo, FakeEgress, within } from '@parsimony/testkit';
import { expect, it } from 'vitest';
import { anErrorAnswer } from '../test/provider-errors.js';
import { aCallNow, answerOf, HOME, wrap } from '../test/run-call.js';
import { DEFAULT_HEALTH_LIMITS, ProviderHealth } from './health/provider-health.js';

function begin(reply: Reply): AsyncIterator<ReplyEvent> {
  return reply[Symbol.asyncIterator]();
}

function underWay(health: ProviderHealth): number {
  return health.report().reduce((sum, { callsUnderWay }) => sum + callsUnderWay, 0);
}

/** A provider whose every step is this. */
function stepsOf(step: () => Promise<IteratorResult<ReplyEvent>>): Reply {
  return { [Symbol.asyncIterator]: () => ({ next: step }) };
}

it('asks nobody before it is pulled, and nobody when it is left unpulled', async () => {
  const egress = new FakeEgress();
  const reply = begin(wrap(egress.next)(aCallNow()));
  expect(await reply.return?.()).toEqual({ done: true, value: undefined });
  expect(await reply.next()).toEqual({ done: true, value: undefined });
  expect(egress.opened).toBe(0);
});

it("hands the attempt's own promises through once content has come", async () => {
  const call = aCallNow();
  const steps = anAnswerTo(call).map((value) => Promise.resolve({ done: false as const, value }));
  const made: Promise<IteratorResult<ReplyEvent>>[] = [];
  const next = wrap(() =>
    stepsOf(() => {
      const step = steps.shift() ?? Promise.resolve({ done: true as const, value: undefined });
      made.push(step);
      return step;
    }),
  );
  const reply = begin(next(call));
  expect(await reply.next()).toMatchObject({ value: { type: 'start' } });
  // The first content was pulled together with `start`.
  expect(made).toHaveLength(2);
  expect(reply.next()).toBe(made[1]);
  const third = reply.next();
  expect(third).toBe(made[2]);
  await third;
});

it.each([1, 2, 3, 4, 5])(
  'gives its place back and closes the attempt where the caller leaves after %i events',
  async (most) => {
    const egress = new FakeEgress();
    const health = new ProviderHealth();
    await answerOf(wrap(egress.next, { health })(aCallNow()), most);
    expect([egress.opened, egress.closed, underWay(health)]).toEqual([1, 1, 0]);
  },
);

it('keeps its place while the stream goes on', async () => {
  const health = new ProviderHealth();
  const reply = begin(wrap(new FakeEgress().next, { health })(aCallNow()));
  for (const type of ['start', 'delta', 'delta', 'delta']) {
    expect(await reply.next()).toMatchObject({ value: { type } });
    expect(underWay(health)).toBe(1);
  }
  expect(await reply.next()).toMatchObject({ value: { type: 'end' } });
  expect(underWay(health)).toBe(0);
  expect(await reply.next()).toEqual({ done: true, value: undefined });
});

it('reaches a provider that is silent when it is left, once the call is aborted', async () => {
  const abort = new AbortController();
  const egress = new FakeEgress(() => stepsOf(() => new Promise(() => undefined)));
  const health = new ProviderHealth();
  const reply = begin(wrap(egress.next, { health })(aCallNow({ signal: abort.signal })));
  const first = reply.next();
  const left = reply.return?.();
  abort.abort(new Error('gone'));
  expect(await first).toEqual({ done: true, value: undefined });
  await within(1000, Promise.resolve(left), 'the reply is left');
  expect([egress.opened, egress.closed, underWay(health)]).toEqual([1, 1, 0]);
});

it('begins no further attempt once it is left in a wait', async () => {
  const egress = new FakeEgress(() => stepsOf(() => Promise.reject(anErrorAnswer(503))));
  const { promise: isWaiting, resolve: waits } = Promise.withResolvers<void>();
  const sleep = (_: number, signal: AbortSignal): Promise<void> => {
    waits();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  };
  const reply = begin(wrap(egress.next, { sleep })(aCallNow()));
  const first = reply.next();
  await isWaiting;
  await reply.return?.();
  expect(await first).toEqual({ done: true, value: undefined });
  expect(egress.opened).toBe(1);
});

it('answers pulls that come too early in their order', async () => {
  const reply = begin(wrap(new FakeEgress().next)(aCallNow()));
  const steps = await Promise.all(Array.from({ length: 6 }, () => reply.next()));
  expect(steps.map(({ value }) => (value as ReplyEvent | undefined)?.type)).toEqual([
    'start',
    'delta',
    'delta',
    'delta',
    'end',
    undefined,
  ]);
});

it('throws what an egress throws at once', async () => {
  const error = new Error('a defect');
  const health = new ProviderHealth();
  const next = wrap(
    () => {
      throw error;
    },
    { health },
  );
  expect(await answerOf(next(aCallNow()))).toEqual({ events: [], error });
  expect(underWay(health)).toBe(0);
});

it('waits for a place where all are taken, and is busy where the queue is full', async () => {
  const bulkhead = { limit: 1, queue: 1, longestWaitMs: 5000 };
  const health = new ProviderHealth({ ...DEFAULT_HEALTH_LIMITS, bulkhead });
  const egress = new FakeEgress();
  const next = wrap(egress.next, { health });
  const first = begin(next(aCallNow()));
  await first.next();
  const second = answerOf(next(aCallNow()));
  const third = await answerOf(next(aCallNow()));
  expect(third.error).toBeInstanceOf(ProviderBusy);
  expect(health.report()[0]).toMatchObject({ callsUnderWay: 1, callsWaiting: 1, callLimit: 1 });
  await first.return?.();
  expect((await second).error).toBeUndefined();
  expect(egress.opened).toBe(2);
  expect(health.report()[0]).toMatchObject({
    callsUnderWay: 0,
    callsWaiting: 0,
    models: [{ attempts: { busy: 1, ok: 1 } }],
  });
});

it('takes no place where the caller leaves the queue', async () => {
  const abort = new AbortController();
  const health = new ProviderHealth({ bulkhead: { limit: 1, queue: 5, longestWaitMs: 5000 } });
  const next = wrap(new FakeEgress().next, { health });
  const first = begin(next(aCallNow()));
  await first.next();
  const reason = new Error('gone');
  const aborted = answerOf(next(aCallNow({ signal: abort.signal })));
  const left = begin(next(aCallNow()));
  const leftFirst = left.next();
  expect(health.report()[0]?.callsWaiting).toBe(2);
  abort.abort(reason);
  expect((await aborted).error).toBe(reason);
  await left.return?.();
  expect(await leftFirst).toEqual({ done: true, value: undefined });
  await first.return?.();
  expect(health.report()[0]).toMatchObject({ callsUnderWay: 0, callsWaiting: 0 });
});

it('loses no place that it is handed in the moment in which it is left', async () => {
  const health = new ProviderHealth({ bulkhead: { limit: 1, queue: 5, longestWaitMs: 5000 } });
  const egress = new FakeEgress();
  const next = wrap(egress.next, { health });
  const place = health.gate('openai').tryEnter(HOME);
  const reply = begin(next(aCallNow()));
  const first = reply.next();
  expect(underWay(health)).toBe(1);
  place?.leave('ok');
  await reply.return?.();
  expect(await first).toEqual({ done: true, value: undefined });
  expect([egress.opened, underWay(health)]).toEqual([0, 0]);
});
