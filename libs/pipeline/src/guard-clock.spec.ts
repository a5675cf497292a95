import { aCall, anAnswerTo, collect, FakeEgress } from '@parsimony/testkit';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { guarded } from '../test/guarded.js';
import { OwnTimeExceeded } from './own-clock.js';

const call = aCall();
const answer = anAnswerTo(call);
const SLOW_MS = 60;

const slowEgress = (): FakeEgress =>
  new FakeEgress(async function* () {
    for (const event of answer) {
      await delay(SLOW_MS);
      yield event;
    }
  });

describe("a layer's own clock", () => {
  it('stands while the layer waits inside next', async () => {
    const { stack, incidents } = guarded(
      async function* (asked, next) {
        yield* next(asked);
      },
      slowEgress().next,
      { ownTimeMs: SLOW_MS / 2 },
    );
    expect(await collect(stack(call))).toEqual(answer);
    expect(incidents).toEqual([]);
  });

  it('stands while the layer waits for an event that it has asked for ahead', async () => {
    const { stack, incidents } = guarded(
      async function* (asked, next) {
        const events = next(asked)[Symbol.asyncIterator]();
        let ahead = events.next();
        for (let step = await ahead; !step.done; step = await ahead) {
          ahead = events.next();
          yield step.value;
        }
      },
      slowEgress().next,
      { ownTimeMs: SLOW_MS / 2 },
    );
    expect(await collect(stack(call))).toEqual(answer);
    expect(incidents).toEqual([]);
  });

  it('stands while the reply of next is being left', async () => {
    const egress = new FakeEgress();
    const { stack, incidents } = guarded(
      async function* (asked, next) {
        yield* next(asked);
      },
      async function* (asked) {
        try {
          yield* egress.next(asked);
        } finally {
          await delay(SLOW_MS);
        }
      },
      { ownTimeMs: SLOW_MS / 2 },
    );
    const events = stack(call)[Symbol.asyncIterator]();
    await events.next();
    await events.return?.();
    expect(incidents).toEqual([]);
    expect(egress).toMatchObject({ opened: 1, closed: 1 });
  });

  it('stands while nobody pulls', async () => {
    const { stack, incidents } = guarded(
      async function* (asked, next) {
        yield* next(asked);
      },
      new FakeEgress(async function* () {
        yield* answer;
      }).next,
      { ownTimeMs: SLOW_MS / 2 },
    );
    const events = stack(call)[Symbol.asyncIterator]();
    await events.next();
    await delay(SLOW_MS);
    expect((await events.next()).value).toBe(answer[1]);
    await events.return?.();
    expect(incidents).toEqual([]);
  });

  it('runs on over the whole call: many short stays add up', async () => {
    const { stack, incidents } = guarded(
      async function* (asked, next) {
        for await (const event of next(asked)) {
          await delay(SLOW_MS / 3);
          yield event;
        }
      },
      new FakeEgress().next,
      { ownTimeMs: SLOW_MS },
    );
    await expect(collect(stack(call))).rejects.toMatchObject({ code: 'plugin_failed' });
    expect(incidents[0]?.error).toBeInstanceOf(OwnTimeExceeded);
  });

  it('bounds how long a layer may take to clean up when its reply is left', async () => {
    const egress = new FakeEgress();
    const { stack, incidents } = guarded(async function* (asked, next) {
      const events = next(asked)[Symbol.asyncIterator]();
      try {
        for (let step = await events.next(); !step.done; step = await events.next()) yield step.value;
      } finally {
        await new Promise(() => undefined);
      }
    }, egress.next);
    const events = stack(call)[Symbol.asyncIterator]();
    await events.next();
    await events.return?.();
    expect(incidents).toMatchObject([{ outcome: 'failed', error: expect.any(OwnTimeExceeded) }]);
    expect(egress).toMatchObject({ opened: 1, closed: 1 });
  });
});
