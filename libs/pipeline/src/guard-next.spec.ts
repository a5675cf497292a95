import { TagRequired } from '@parsimony/contract';
import type { Call, Layer, Next, Reply } from '@parsimony/contract';
import { aCall, anAnswerTo, aReply, collect, FakeEgress } from '@parsimony/testkit';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { guarded } from '../test/guarded.js';

const call = aCall();
const answer = anAnswerTo(call);

const twice: Layer = async function* (asked, next) {
  const cheap = await collect(next({ ...asked, target: { ...asked.target, model: 'cheap' } }));
  if (cheap.length > 0) yield* next(asked);
};

describe('next', () => {
  it('may be called again by a route, and each reply is closed', async () => {
    const egress = new FakeEgress();
    const { stack, incidents } = guarded(twice, egress.next, { stage: 'route' });
    expect(await collect(stack(call))).toEqual(answer);
    expect(egress.calls.map(({ target }) => target.model)).toEqual(['cheap', call.target.model]);
    expect(incidents).toEqual([]);
  });

  it('may not be called again after an event has left, not even by a route', async () => {
    const egress = new FakeEgress(async function* () {
      yield* answer.slice(0, 2);
      throw new Error('the provider is gone');
    });
    const { stack } = guarded(
      async function* (asked, next) {
        try {
          yield* next(asked);
        } catch {
          yield* next(asked);
        }
      },
      egress.next,
      { stage: 'route' },
    );
    await expect(collect(stack(call))).rejects.toMatchObject({ code: 'plugin_failed' });
    expect(egress.calls).toHaveLength(1);
  });

  it('is revoked when the call is over: no provider call outlives it', async () => {
    const egress = new FakeEgress();
    let kept: Next | undefined;
    const { stack } = guarded(async function* (_asked, next) {
      kept = next;
      yield* answer;
    }, egress.next);
    await collect(stack(call));
    expect(() => kept?.(call)).toThrow('revoked');
    expect(egress.calls).toHaveLength(0);
  });

  it('is revoked when its reply was handed on: the layer takes no event from the caller', async () => {
    const egress = new FakeEgress(() => aReply(answer));
    let kept: Reply | undefined;
    const { stack } = guarded((asked, next) => (kept = next(asked)), egress.next);
    const events = collect(stack(call));
    await expect(kept?.[Symbol.asyncIterator]().next()).rejects.toThrow('revoked');
    expect(await events).toEqual(answer);
  });
});

describe('what a layer leaves open is closed for it', () => {
  it.each<[string, Layer]>([
    [
      'when it answers by itself after it has begun to pull',
      async function* (asked, next) {
        await next(asked)[Symbol.asyncIterator]().next();
        yield* answer;
      },
    ],
    [
      'when it refuses after it has begun to pull',
      async function* (asked, next) {
        await next(asked)[Symbol.asyncIterator]().next();
        yield* [];
        throw new TagRequired('the tag feature is required');
      },
    ],
    [
      'when its reply is an iterator that cannot be left',
      (asked, next) => {
        const events = next(asked)[Symbol.asyncIterator]();
        return { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) };
      },
    ],
  ])('%s', async (_, layer) => {
    const egress = new FakeEgress();
    const events = guarded(layer, egress.next).stack(call)[Symbol.asyncIterator]();
    await events.next().catch(() => undefined);
    await events.return?.();
    expect(egress).toMatchObject({ opened: 1, closed: 1 });
  });

  it('when a route breaks with two replies open: one is replayed, the other closed', async () => {
    const egress = new FakeEgress();
    const { stack } = guarded(
      async function* (asked, next) {
        await next(asked)[Symbol.asyncIterator]().next();
        await next(asked)[Symbol.asyncIterator]().next();
        yield* [];
        throw new Error('a defect');
      },
      egress.next,
      { stage: 'route' },
    );
    expect(await collect(stack(call))).toEqual(answer);
    expect(egress).toMatchObject({ opened: 2, closed: 2 });
  });
});

describe("what is not the layer's failure", () => {
  it('an error of next goes on unchanged', async () => {
    const gone = new Error('the provider is gone');
    const { stack, incidents } = guarded(
      async function* (asked, next) {
        yield* next(asked);
      },
      new FakeEgress(async function* () {
        yield* answer.slice(0, 1);
        throw gone;
      }).next,
    );
    await expect(collect(stack(call))).rejects.toBe(gone);
    expect(incidents).toEqual([]);
  });

  it.each<[string, Layer]>([
    [
      'at once',
      () => {
        throw new TagRequired('the tag feature is required');
      },
    ],
    [
      'when pulled',
      async function* () {
        await delay(1);
        yield* [];
        throw new TagRequired('the tag feature is required');
      },
    ],
  ])('a refusal goes on unchanged: thrown %s', async (_, layer) => {
    const egress = new FakeEgress();
    const { stack, incidents } = guarded(layer, egress.next);
    await expect((async () => collect(stack(call)))()).rejects.toBeInstanceOf(TagRequired);
    expect(incidents).toEqual([]);
    expect(egress.opened).toBe(0);
  });
});

describe('a layer that hands the reply of next on', () => {
  it('costs nothing per event: the caller pulls the reply of next itself', () => {
    const reply = aReply(answer);
    const changed: Call[] = [];
    const { stack } = guarded(
      (asked, next) => next({ ...asked, tags: { seen: 'yes' } }),
      (inner) => {
        changed.push(inner);
        return reply;
      },
    );
    expect(stack(call)).toBe(reply);
    expect(changed[0]?.tags).toEqual({ seen: 'yes' });
  });
});
