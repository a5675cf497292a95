import type { Layer, ReplyEvent, Settlement } from '@parsimony/contract';
import { aCall, anAnswerTo, FakeEgress } from '@parsimony/testkit';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { guarded } from '../test/guarded.js';
import { compose } from './compose.js';

/** What the language does, and the stack therefore relies on or must work around. */
describe('async generators', () => {
  it('queue return() behind a pending next(), unless the signal of the call ends the wait', async () => {
    const caller = new AbortController();
    const call = aCall({ signal: caller.signal });
    const egress = new FakeEgress(async function* (asked) {
      yield* anAnswerTo(asked).slice(0, 1);
      await new Promise(() => undefined);
    });
    const stack = guarded(async function* (asked, next) {
      yield* next(asked);
    }, egress.next).stack;
    const events = stack(call)[Symbol.asyncIterator]();
    await events.next();
    const pending = events.next();
    const left = events.return?.();
    expect(await Promise.race([left, delay(60, 'still queued')])).toBe('still queued');
    expect(egress.closed).toBe(0);
    caller.abort(new Error('the caller has left'));
    await expect(pending).rejects.toThrow('the caller has left');
    await left;
    expect(egress).toMatchObject({ opened: 1, closed: 1, aborted: [call.id] });
  });

  it('run no finally when they are never pulled: nothing may be taken outside of their body', async () => {
    let finallyRan = 0;
    const generator = (async function* (): AsyncGenerator<ReplyEvent> {
      try {
        yield* anAnswerTo(aCall());
      } finally {
        finallyRan += 1;
      }
    })();
    await generator.return(undefined);
    expect(finallyRan).toBe(0);

    const egress = new FakeEgress();
    const stack = guarded(async function* (call, next) {
      yield* next(call);
    }, egress.next).stack;
    await stack(aCall())[Symbol.asyncIterator]().return?.();
    expect(egress).toMatchObject({ opened: 0, closed: 0 });
  });

  it('run in the AsyncLocalStorage context of whoever pulls, not of whoever made them: pass the call', async () => {
    const context = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const stack = compose(
      [
        async function* (call, next) {
          seen.push(context.getStore());
          for await (const event of next(call)) {
            seen.push(context.getStore());
            yield event;
          }
        },
      ],
      new FakeEgress().next,
    );
    const events = context.run('maker', () => stack(aCall()))[Symbol.asyncIterator]();
    await context.run('first puller', () => events.next());
    await context.run('second puller', () => events.next());
    await events.return?.();
    expect(seen).toEqual(['first puller', 'first puller', 'second puller']);
  });
});

describe('a caller who leaves at the first delta', () => {
  it.each<[number, Settlement]>([
    [2, 'at-least'],
    [5, 'exact'],
  ])('after %d events leaves a settlement that is %s', async (pulls, settlement) => {
    const settled: Settlement[] = [];
    const egress = new FakeEgress(async function* (call) {
      let reported = false;
      try {
        for (const event of anAnswerTo(call)) {
          reported = event.type === 'end';
          yield event;
        }
      } finally {
        settled.push(reported ? 'exact' : 'at-least');
      }
    });
    const observing: Layer = async function* (call, next) {
      yield* next(call);
    };
    const inner = guarded(observing, egress.next).stack;
    const events = guarded(observing, inner).stack(aCall())[Symbol.asyncIterator]();
    for (let pulled = 0; pulled < pulls; pulled += 1) await events.next();
    await events.return?.();
    expect(settled).toEqual([settlement]);
  });
});
