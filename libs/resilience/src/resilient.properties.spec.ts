import { ProviderStreamCut, ProviderTimeout, ProviderUnreachable, type Call } from '@parsimony/contract';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anErrorAnswer } from '../test/provider-errors.js';
import { aCallNow, answerOf, AWAY, HOME, THIRD, wrap } from '../test/run-call.js';
import { passTime, ScriptedProvider, stopClock, type ScriptedAttempt } from '../test/scripted-provider.js';
import { DEFAULT_HEALTH_LIMITS, ProviderHealth } from './health/provider-health.js';
import { DEFAULT_RETRY_POLICY } from './retry/retry-policy.js';

beforeEach(stopClock);
afterEach(() => void vi.useRealTimers());

const errors: fc.Arbitrary<Error> = fc.oneof(
  fc
    .record({
      status: fc.constantFrom(400, 401, 404, 408, 409, 422, 429, 500, 501, 503, 529),
      headers: fc.oneof(
        fc.constant({}),
        fc.nat(90).map((seconds) => ({ 'retry-after': `${seconds}` })),
        fc.nat(5000).map((milliseconds) => ({ 'retry-after-ms': `${milliseconds}` })),
        fc.boolean().map((should) => ({ 'x-should-retry': `${should}` })),
      ),
    })
    .map(({ status, headers }) => anErrorAnswer(status, headers as Record<string, string>)),
  fc.constantFrom(new ProviderUnreachable('refused'), new ProviderTimeout('silent'), new ProviderStreamCut('cut')),
  fc.constant(new Error('a defect')),
);

const attempts: fc.Arbitrary<ScriptedAttempt> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ error: errors, events: fc.constantFrom(0, 0, 1, 2, 3), takesMs: fc.nat(4000) }) },
  { weight: 1, arbitrary: fc.record({ takesMs: fc.nat(4000) }) },
);

const scenes = fc.record({
  script: fc.array(attempts, { minLength: 1, maxLength: 12 }),
  alternatives: fc.subarray([AWAY, THIRD]),
  perTarget: fc.integer({ min: 1, max: 4 }),
  deadlineMs: fc.integer({ min: 1, max: 60_000 }),
  /** The caller leaves after so many events. */
  most: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  /** The call is aborted when the so many-th attempt begins. */
  abortAt: fc.option(fc.nat(4), { nil: undefined }),
  retriesSaved: fc.integer({ min: 0, max: 10 }),
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

const nameOf = ({ target }: Call): string => `${target.provider}/${target.model}`;

it('holds for any course of events', async () => {
  const property = fc.asyncProperty(scenes, async (scene) => {
    const abort = new AbortController();
    const provider = new ScriptedProvider((_, index) => {
      if (index === scene.abortAt) abort.abort(new Error('the caller has left'));
      return scene.script[index] ?? {};
    });
    const health = new ProviderHealth({
      ...DEFAULT_HEALTH_LIMITS,
      retries: { share: 0, perSecond: 0, most: scene.retriesSaved },
    });
    const next = wrap(provider.next, {
      health,
      policy: { ...DEFAULT_RETRY_POLICY, attempts: scene.perTarget },
      alternatives: () => scene.alternatives,
      random: () => scene.random,
      sleep: async (milliseconds) => passTime(milliseconds),
    });
    const call = aCallNow({ deadlineAt: Date.now() + scene.deadlineMs, signal: abort.signal });
    const { events, error } = await answerOf(next(call), scene.most);
    const { seen, egress } = provider;

    // Never more than so many attempts at a target, and never more retries than the budget holds.
    const perTarget = Map.groupBy(seen, (attempt) => nameOf(attempt.call));
    for (const made of perTarget.values()) expect(made.length).toBeLessThanOrEqual(scene.perTarget);
    expect(seen.length - perTarget.size).toBeLessThanOrEqual(scene.retriesSaved * 3);
    // Nothing begins after the deadline, or after the caller has left.
    for (const { at } of seen.slice(1)) expect(at).toBeLessThan(call.deadlineAt);
    if (scene.abortAt !== undefined) expect(seen.length).toBeLessThanOrEqual(scene.abortAt + 1);
    // Nothing begins once content has come: only the last attempt may have given any.
    const fruitful = seen.findIndex((_, index) => {
      const { error: fault, events: came = 0 } = scene.script[index] ?? {};
      return index !== scene.abortAt && (fault === undefined || came > 1);
    });
    if (fruitful >= 0) expect(seen.length).toBeLessThanOrEqual(fruitful + 1);
    // Everything that was opened is closed, once, and its place is free.
    expect([egress.opened, egress.closed]).toEqual([seen.length, seen.length]);
    for (const report of health.report()) expect([report.callsUnderWay, report.callsWaiting]).toEqual([0, 0]);
    // The caller sees one reply, of the last attempt, or an error.
    const last = seen.at(-1)?.call;
    if (events.length > 0) expect(events[0]).toMatchObject({ type: 'start', target: last?.target ?? HOME });
    expect(events.filter(({ type }) => type === 'start').length).toBe(events.length > 0 ? 1 : 0);
    if (error === undefined && scene.most === undefined) expect(events.at(-1)?.type).toBe('end');
    expect(last?.decisions.length).toBe(seen.length - 1);
  });
  await fc.assert(property, { numRuns: 2000 });
});
