import type { Layer, Next, Reply } from '@parsimony/contract';
import { aCall, anAnswerTo, aReply, collect, FakeEgress } from '@parsimony/testkit';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { guarded } from '../test/guarded.js';

const call = aCall();
const answer = anAnswerTo(call);
const egressOf = (): FakeEgress => new FakeEgress(() => aReply(answer));

describe('bypass before next was opened', () => {
  it.each<[string, Layer]>([
    [
      'a layer that throws at once',
      () => {
        throw new TypeError('a defect');
      },
    ],
    [
      'a layer that throws when it is pulled',
      async function* () {
        yield* [];
        throw new TypeError('a defect');
      },
    ],
    ['a layer that returns no reply', () => ({}) as Reply],
    ['a layer that is an async function', (async () => Promise.reject(new Error('a defect'))) as unknown as Layer],
  ])('%s: the call goes on without it', async (_, layer) => {
    const egress = egressOf();
    const { stack, incidents } = guarded(layer, egress.next);
    expect(await collect(stack(call))).toEqual(answer);
    expect(egress.opened).toBe(1);
    expect(incidents).toMatchObject([{ plugin: 'bad', callId: call.id, outcome: 'bypassed' }]);
  });

  it('a layer that took too long wakes later and cannot call the provider a second time', async () => {
    const egress = egressOf();
    const woken = Promise.withResolvers<unknown>();
    const { stack } = guarded(async function* (asked, next) {
      await delay(80);
      try {
        yield* next(asked);
        woken.resolve('went through');
      } catch (error) {
        woken.resolve(error);
      }
    }, egress.next);
    expect(await collect(stack(call))).toEqual(answer);
    expect(await woken.promise).toMatchObject({ message: expect.stringContaining('revoked') });
    expect(egress.calls).toHaveLength(1);
    expect(egress.opened).toBe(1);
  });

  it('a layer that took too long and wakes later gives back what it took', async () => {
    const returned = Promise.withResolvers<string>();
    const { stack } = guarded(async function* () {
      try {
        await delay(60);
        yield* answer;
      } finally {
        returned.resolve('given back');
      }
    }, egressOf().next);
    expect(await collect(stack(call))).toEqual(answer);
    expect(await Promise.race([returned.promise, delay(500, 'kept')])).toBe('given back');
  });
});

describe('bypass after next was opened', () => {
  it.each([0, 1, 2, 5])(
    'replays the reply of next after %d events were pulled: nothing lost, provider asked once',
    async (pulls) => {
      const egress = egressOf();
      const { stack, incidents } = guarded(async function* (asked, next) {
        const events = next(asked)[Symbol.asyncIterator]();
        for (let pulled = 0; pulled < pulls; pulled += 1) await events.next();
        yield* [];
        throw new Error('a defect');
      }, egress.next);
      expect(await collect(stack(call))).toEqual(answer);
      expect(egress.calls).toHaveLength(1);
      expect(egress).toMatchObject({ opened: 1, closed: 1 });
      expect(incidents).toMatchObject([{ outcome: 'bypassed' }]);
    },
  );

  it('replays after a time-out too, and the layer that wakes later steals no event', async () => {
    const egress = new FakeEgress(async function* () {
      for (const event of answer) {
        await delay(20);
        yield event;
      }
    });
    const { stack } = guarded(async function* (asked, next) {
      const events = next(asked)[Symbol.asyncIterator]();
      const first = await events.next();
      await delay(60);
      if (!first.done) yield first.value;
      for (let step = await events.next(); !step.done; step = await events.next()) yield step.value;
    }, egress.next);
    expect(await collect(stack(call))).toEqual(answer);
    expect(egress).toMatchObject({ opened: 1, closed: 1 });
  });

  it('replays when the layer calls next a second time', async () => {
    const egress = egressOf();
    const { stack, incidents } = guarded(async function* (asked, next) {
      await collect(next(asked));
      yield* next(asked);
    }, egress.next);
    expect(await collect(stack(call))).toEqual(answer);
    expect(egress.calls).toHaveLength(1);
    expect(incidents[0]?.error).toMatchObject({ message: expect.stringContaining('second time') });
  });

  it('leaves the reply of next when the replay is left', async () => {
    const egress = egressOf();
    const { stack } = guarded(async function* (asked, next) {
      await next(asked)[Symbol.asyncIterator]().next();
      yield* [];
      throw new Error('a defect');
    }, egress.next);
    const events = stack(call)[Symbol.asyncIterator]();
    await events.next();
    await events.return?.();
    expect(egress).toMatchObject({ opened: 1, closed: 1 });
  });

  it('is refused where the layer has already left the reply of next: the rest of it is gone', async () => {
    const egress = egressOf();
    const { stack, incidents } = guarded(async function* (asked, next) {
      for await (const event of next(asked)) if (event.type === 'start') break;
      yield* [];
      throw new Error('a defect');
    }, egress.next);
    await expect(collect(stack(call))).rejects.toMatchObject({ code: 'plugin_failed' });
    expect(egress.opened).toBe(1);
    expect(incidents).toMatchObject([{ outcome: 'failed' }]);
  });

  it('gives on an error of next that the layer swallowed', async () => {
    const gone = new Error('the provider is gone');
    const egress = new FakeEgress(async function* () {
      yield* answer.slice(0, 2);
      throw gone;
    });
    const { stack } = guarded(async function* (asked, next) {
      await collect(next(asked)).catch(() => undefined);
      yield* [];
      throw new Error('a defect');
    }, egress.next);
    await expect(collect(stack(call))).rejects.toBe(gone);
    expect(egress.opened).toBe(1);
  });
});

describe('failure', () => {
  const breaksAfter = (eventsBefore: number): Layer =>
    async function* (asked, next) {
      let left = 0;
      for await (const event of next(asked)) {
        if (left === eventsBefore) throw new Error('a defect');
        yield event;
        left += 1;
      }
    };

  it.each([1, 3])('after %d events have left is plugin_failed, never a bypass', async (eventsBefore) => {
    const egress = egressOf();
    const { stack, incidents } = guarded(breaksAfter(eventsBefore), egress.next, { onFailure: 'bypass' });
    const events = stack(call)[Symbol.asyncIterator]();
    for (let left = 0; left < eventsBefore; left += 1) expect((await events.next()).value).toBe(answer[left]);
    await expect(events.next()).rejects.toMatchObject({ code: 'plugin_failed', status: 500 });
    expect(egress).toMatchObject({ opened: 1, closed: 1 });
    expect(incidents).toMatchObject([{ outcome: 'failed' }]);
  });

  it('of a layer that may not be bypassed is plugin_failed, and no provider is asked', async () => {
    const egress = egressOf();
    const broken: Layer = () => {
      throw new TypeError('a defect');
    };
    const { stack, incidents } = guarded(broken, egress.next, { onFailure: 'fail' });
    await expect(collect(stack(call))).rejects.toMatchObject({
      code: 'plugin_failed',
      cause: new TypeError('a defect'),
    });
    expect(egress.calls).toHaveLength(0);
    expect(incidents).toMatchObject([{ outcome: 'failed' }]);
  });

  it("of next itself, thrown at once, is not the layer's: it goes on unchanged and next is called once", async () => {
    const gone = new Error('no price');
    let asked = 0;
    const next: Next = () => {
      asked += 1;
      throw gone;
    };
    const { stack, incidents } = guarded(async function* (received, inner) {
      yield* inner(received);
    }, next);
    await expect(collect(stack(call))).rejects.toBe(gone);
    expect(asked).toBe(1);
    expect(incidents).toEqual([]);
    const handsOn = guarded((received, inner) => inner(received), next);
    expect(() => handsOn.stack(call)).toThrow(gone);
    expect(handsOn.incidents).toEqual([]);
  });
});
