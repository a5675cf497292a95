import {
  isParsimonyError,
  ProviderStreamCut,
  ProviderTimeout,
  ProviderUnreachable,
  type Call,
} from '@parsimony/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anErrorAnswer } from '../test/provider-errors.js';
import { aCallNow, answerOf, AWAY, wrap } from '../test/run-call.js';
import { passTime, ScriptedProvider, stopClock, type ScriptedAttempt } from '../test/scripted-provider.js';
import { ProviderHealth } from './health/provider-health.js';

beforeEach(stopClock);
afterEach(() => void vi.useRealTimers());

/** Numbers from 0 up to 1 that are the same in each run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FAULTS: readonly (() => ScriptedAttempt)[] = [
  () => ({ error: anErrorAnswer(500) }),
  () => ({ error: anErrorAnswer(503, { 'retry-after': '1' }) }),
  () => ({ error: anErrorAnswer(429, { 'retry-after': '2' }) }),
  () => ({ error: new ProviderUnreachable('refused') }),
  () => ({ error: new ProviderTimeout('silent'), takesMs: 300 }),
  () => ({ error: new ProviderStreamCut('cut'), events: 1 }),
];

interface Figures {
  readonly answered: number;
  readonly attempts: number;
}

async function serve(calls: number, failureShare: (call: Call) => number): Promise<Figures> {
  const random = randomNumbers(7);
  const health = new ProviderHealth();
  const provider = new ScriptedProvider((call) =>
    random() < failureShare(call) ? FAULTS[Math.floor(random() * FAULTS.length)]!() : {},
  );
  const next = wrap(provider.next, { health, alternatives: () => [AWAY], random });
  let answered = 0;
  for (let index = 0; index < calls; index++) {
    passTime(10);
    const { error } = await answerOf(next(aCallNow()));
    if (error === undefined) answered++;
    else expect(isParsimonyError(error)).toBe(true);
  }
  expect(provider.egress.closed).toBe(provider.egress.opened);
  expect(health.report().map(({ callsUnderWay }) => callsUnderWay)).toEqual(health.report().map(() => 0));
  return { answered, attempts: provider.seen.length };
}

it('that fails 30 % of calls, with one fallback: at least 99.9 % are answered', async () => {
  const { answered, attempts } = await serve(5000, ({ target }) => (target.provider === 'openai' ? 0.3 : 0.01));
  expect(answered / 5000).toBeGreaterThanOrEqual(0.999);
  // Fewer than two attempts a call: resilience does not double the load.
  expect(attempts / 5000).toBeLessThan(1.6);
});

it('whose fallback fails as often: hardly fewer are', async () => {
  const { answered } = await serve(5000, () => 0.3);
  expect(answered / 5000).toBeGreaterThanOrEqual(0.995);
});

it('that is down altogether leaves the calls to the fallback, with few attempts in vain', async () => {
  const { answered, attempts } = await serve(5000, ({ target }) => (target.provider === 'openai' ? 1 : 0));
  expect(answered).toBe(5000);
  expect(attempts / 5000).toBeLessThan(1.1);
});
