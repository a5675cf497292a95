import type { Call, Layer, LayerScope, Reply, ReplyEvent } from '@parsimony/contract';
import { aCall, anAnswerTo, collect, FakeEgress, within } from '@parsimony/testkit';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { guarded } from '../test/guarded.js';
import { compose } from './compose.js';
import { guard } from './guard.js';

const call = aCall();
const answer = anAnswerTo(call);
const OWN_MS = 20;
const PATIENCE_MS = 2_000;

/** The call as a flight of its own: the caller's signal does not reach it. */
const ownSignal = (asked: Call): Call => ({ ...asked, signal: new AbortController().signal });

/** An egress that gives one event and the rest when it is told to. */
function waitingEgress(): { egress: FakeEgress; goOn: () => void } {
  const { promise, resolve: goOn } = Promise.withResolvers<void>();
  const egress = new FakeEgress(async function* () {
    yield* answer.slice(0, 1);
    await promise;
    yield* answer.slice(1);
  });
  return { egress, goOn };
}

/** Begins a flight that a pump of its own pulls to its end, and gives its events on as they are there. */
function pumping(): { layer: Layer; flight: Promise<readonly ReplyEvent[]> } {
  const { promise: flight, resolve, reject } = Promise.withResolvers<readonly ReplyEvent[]>();
  flight.catch(() => undefined);
  const layer: Layer = async function* (asked, _next, scope) {
    const pulled: ReplyEvent[] = [];
    let more = Promise.withResolvers<void>();
    const pump = async (reply: Reply): Promise<readonly ReplyEvent[]> => {
      for await (const event of reply) {
        pulled.push(event);
        more.resolve();
      }
      return pulled;
    };
    const done = pump(scope.detached(ownSignal(asked))).finally(() => more.resolve());
    done.then(resolve, reject);
    for (let at = 0; ; at += 1) {
      while (at === pulled.length) {
        const ended = await scope.waitFor(Promise.race([more.promise, done]));
        if (ended) return;
        more = Promise.withResolvers();
      }
      yield pulled[at] as ReplyEvent;
    }
  };
  return { layer, flight };
}

describe('a detached flight', () => {
  it('goes on to its end when the caller has left', async () => {
    const { egress, goOn } = waitingEgress();
    const { layer, flight } = pumping();
    const { stack, incidents } = guarded(layer, egress.next);
    const caller = new AbortController();
    const events = stack({ ...call, signal: caller.signal })[Symbol.asyncIterator]();
    await events.next();
    const next = events.next();
    caller.abort(new Error('the caller has left'));
    await expect(within(PATIENCE_MS, next, 'the caller is let go')).rejects.toThrow('the caller has left');
    await events.return?.();
    expect({ opened: egress.opened, closed: egress.closed, aborted: egress.aborted }).toEqual({
      opened: 1,
      closed: 0,
      aborted: [],
    });
    goOn();
    expect(await within(PATIENCE_MS, flight, 'the flight ends')).toEqual(answer);
    expect(egress.closed).toBe(1);
    expect(incidents).toEqual([]);
  });

  it('passes guards further in, which live as long as it is pulled', async () => {
    const { egress, goOn } = waitingEgress();
    const { layer, flight } = pumping();
    const incidents: unknown[] = [];
    const policy = { stage: 'optimise', onFailure: 'fail', ownTimeMs: OWN_MS } as const;
    const inner: Layer = async function* (asked, next) {
      yield* next(asked);
    };
    const layers = [layer, inner].map((each, index) =>
      guard(each, { plugin: `layer ${index}`, ...policy }, (incident) => incidents.push(incident)),
    );
    const events = compose(layers, egress.next)(call)[Symbol.asyncIterator]();
    await events.next();
    await events.return?.();
    await delay(OWN_MS * 2);
    goOn();
    expect(await within(PATIENCE_MS, flight, 'the flight ends')).toEqual(answer);
    expect(incidents).toEqual([]);
  });

  it.each<[string, (asked: Call, next: (call: Call) => Reply, scope: LayerScope) => Reply]>([
    ['a second flight', (asked, _next, scope) => (scope.detached(asked), scope.detached(asked))],
    ['next after a flight', (asked, next, scope) => (scope.detached(asked), next(asked))],
    ['a flight after next', (asked, next, scope) => (next(asked), scope.detached(asked))],
  ])('counts as the one use of next: %s is refused', async (_, layer) => {
    const egress = new FakeEgress();
    const { stack } = guarded(layer, egress.next, { onFailure: 'fail' });
    await expect(collect(stack(call))).rejects.toMatchObject({ code: 'plugin_failed' });
    expect(egress.calls).toHaveLength(1);
  });

  it('cannot be begun when the layer is over', async () => {
    const egress = new FakeEgress();
    let kept: LayerScope | undefined;
    const { stack } = guarded(async function* (_asked, _next, scope) {
      kept = scope;
      yield* answer;
    }, egress.next);
    await collect(stack(call));
    expect(() => kept?.detached(call)).toThrow('revoked');
    await expect(kept?.waitFor(Promise.resolve('much'))).rejects.toThrow('revoked');
    expect(egress.calls).toEqual([]);
  });

  it.each<[string, () => Promise<void>]>([
    ['breaks', () => Promise.reject(new Error('broken'))],
    ['overruns its time', () => delay(OWN_MS * 5)],
  ])('lets a layer that %s fail: a bypass would ask the provider twice', async (_, slip) => {
    const egress = new FakeEgress();
    const { stack, incidents } = guarded(
      async function* (asked, _next, scope) {
        const reply = scope.detached(ownSignal(asked));
        await slip();
        yield* reply;
      },
      egress.next,
      { onFailure: 'bypass', ownTimeMs: OWN_MS },
    );
    await expect(collect(stack(call))).rejects.toMatchObject({ code: 'plugin_failed' });
    expect(egress.calls).toHaveLength(1);
    expect(incidents).toMatchObject([{ outcome: 'failed' }]);
  });

  it('that fails is not the fault of the layer, whoever waits for it', async () => {
    const fault = new Error('the provider is gone');
    const egress = new FakeEgress(async function* () {
      yield* answer.slice(0, 1);
      throw fault;
    });
    const { layer } = pumping();
    const direct: Layer = (asked, _next, scope) => scope.detached(ownSignal(asked));
    const follower: Layer = async function* (_asked, _next, scope) {
      yield await scope.waitFor(Promise.reject<ReplyEvent>(fault));
    };
    for (const each of [layer, direct, follower]) {
      const { stack, incidents } = guarded(each, egress.next);
      await expect(collect(stack(call))).rejects.toBe(fault);
      expect(incidents).toEqual([]);
    }
  });
});

describe('waitFor', () => {
  it("stops the layer's own clock, and lets it run again", async () => {
    const leader = Promise.withResolvers<readonly ReplyEvent[]>();
    const follower = (slipMs: number): Layer =>
      async function* (_asked, _next, scope) {
        const events = await scope.waitFor(leader.promise);
        await delay(slipMs);
        yield* events;
      };
    const patient = guarded(follower(0), new FakeEgress().next, { ownTimeMs: OWN_MS });
    const slow = guarded(follower(OWN_MS * 5), new FakeEgress().next, { ownTimeMs: OWN_MS });
    const replies = [patient, slow].map(({ stack }) => collect(stack(call)));
    await delay(OWN_MS * 3);
    leader.resolve(answer);
    expect(await replies[0]).toEqual(answer);
    expect(patient.incidents).toEqual([]);
    await replies[1];
    expect(slow.incidents).toMatchObject([{ outcome: 'bypassed' }]);
  });

  it('ends with the call, whose caller has left', async () => {
    const caller = new AbortController();
    const { stack, incidents } = guarded(async function* (_asked, _next, scope) {
      yield await scope.waitFor(new Promise<ReplyEvent>(() => undefined));
    }, new FakeEgress().next);
    const reply = collect(stack({ ...call, signal: caller.signal }));
    caller.abort(new Error('the caller has left'));
    await expect(within(PATIENCE_MS, reply, 'the reply ends')).rejects.toThrow('the caller has left');
    expect(incidents).toEqual([]);
  });

  it('does no harm where the layer was abandoned meanwhile', async () => {
    const other = Promise.withResolvers<void>();
    const waited = Promise.withResolvers<unknown>();
    const egress = new FakeEgress();
    const { stack, incidents } = guarded(
      async function* (_asked, _next, scope) {
        await delay(OWN_MS * 3);
        await scope.waitFor(other.promise).catch(waited.resolve);
        yield* answer;
      },
      egress.next,
      { ownTimeMs: OWN_MS },
    );
    expect((await collect(stack(call))).map(({ type }) => type)).toEqual(answer.map(({ type }) => type));
    expect(String(await within(PATIENCE_MS, waited.promise, 'the layer hears of it'))).toMatch('revoked');
    other.reject(new Error('heard by nobody'));
    expect(incidents).toMatchObject([{ outcome: 'bypassed' }]);
    expect(egress.calls).toHaveLength(1);
  });
});
