import {
  BudgetExceeded,
  InvalidRequest,
  JournalUnavailable,
  ProviderInvalidAnswer,
  ProviderRefused,
  ProviderStreamCut,
  ProviderTimeout,
  ProviderUnavailable,
  ProviderUnreachable,
  UnsupportedParameter,
} from '@parsimony/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anErrorAnswer } from '../test/provider-errors.js';
import { answerOf, AWAY, aCallNow, HOME, THIRD, wrap } from '../test/run-call.js';
import { passTime, ScriptedProvider, stopClock, type ScriptedAttempt } from '../test/scripted-provider.js';
import { DEFAULT_HEALTH_LIMITS, ProviderHealth } from './health/provider-health.js';
import { resilient } from './resilient.js';
import { DEFAULT_RETRY_POLICY } from './retry/retry-policy.js';

beforeEach(stopClock);
afterEach(() => void vi.useRealTimers());

const TO_AWAY = { alternatives: () => [AWAY] };
const [HOME_NAME, AWAY_NAME] = ['openai/gpt-4.1-mini', 'anthropic/claude-haiku-4-5'];

/** A provider whose first attempts do as listed, and whose further ones answer. */
function firstly(...attempts: ScriptedAttempt[]): ScriptedProvider {
  return new ScriptedProvider((_, index) => attempts[index] ?? {});
}

/** A provider at which the call's own target always fails, and any other answers. */
function homeFails(error: Error): ScriptedProvider {
  return new ScriptedProvider(({ target }) => (target.provider === 'openai' ? { error } : {}));
}

describe('an attempt that fails before content', () => {
  it.each<[string, Error]>([
    ['no connection', new ProviderUnreachable('refused')],
    ['no answer in time', new ProviderTimeout('silent')],
    ['not an answer', new ProviderInvalidAnswer('html')],
    ...[408, 409, 429, 500, 502, 503, 504, 529].map((status): [string, Error] => [`${status}`, anErrorAnswer(status)]),
    ['400 that the provider wants repeated', anErrorAnswer(400, { 'x-should-retry': 'true' })],
  ])('is repeated: %s', async (_, error) => {
    const provider = firstly({ error });
    const { events } = await answerOf(wrap(provider.next)(aCallNow()));
    expect(events.map(({ type }) => type)).toEqual(['start', 'delta', 'delta', 'delta', 'end']);
    expect(provider.route).toEqual([HOME_NAME, HOME_NAME]);
    expect(provider.egress.closed).toBe(2);
  });

  it('is repeated also where it had already begun to answer', async () => {
    const provider = firstly({ events: 1, error: new ProviderStreamCut('cut') });
    const { events } = await answerOf(wrap(provider.next)(aCallNow()));
    expect(events.filter(({ type }) => type === 'start')).toHaveLength(1);
    expect(provider.seen).toHaveLength(2);
  });

  it.each([
    ['400', anErrorAnswer(400)],
    ['404', anErrorAnswer(404)],
    ['an idempotency conflict', anErrorAnswer(409, {}, { error: { type: 'idempotency_error' } })],
    ['what the caller must mend', new InvalidRequest('wrong')],
    ['a budget', new BudgetExceeded('too dear')],
    ['a journal', new JournalUnavailable('full disk')],
    ['a defect', new Error('a defect')],
  ])('is handed on at once, whatever else there is: %s', async (_, error) => {
    const provider = firstly({ error });
    await expect(answerOf(wrap(provider.next, TO_AWAY)(aCallNow()))).resolves.toEqual({ events: [], error });
    expect(provider.seen).toHaveLength(1);
  });

  it.each([
    ['a credential that an operator must mend', new ProviderRefused('401')],
    ['an account without credit', anErrorAnswer(429, {}, { error: { code: 'insufficient_quota' } })],
    ['503 that the provider does not want repeated', anErrorAnswer(503, { 'x-should-retry': 'false' })],
    ['501', anErrorAnswer(501)],
  ])('goes to a fallback and is not repeated: %s', async (_, error) => {
    const provider = homeFails(error);
    const { events } = await answerOf(wrap(provider.next, TO_AWAY)(aCallNow()));
    expect(events[0]).toMatchObject({ type: 'start', target: AWAY });
    expect(provider.route).toEqual([HOME_NAME, AWAY_NAME]);
  });

  it('goes on until the attempts are used up, then to the fallbacks in order, and ends with the last error', async () => {
    const errors = Array.from({ length: 9 }, (_, index) => anErrorAnswer(500, { index: `${index}` }));
    const provider = new ScriptedProvider((_, index) => ({ error: errors[index]! }));
    const { error } = await answerOf(wrap(provider.next, { alternatives: () => [AWAY, THIRD] })(aCallNow()));
    expect(provider.route).toEqual(
      [HOME, AWAY, THIRD].flatMap(({ provider, model }) => Array<string>(3).fill(`${provider}/${model}`)),
    );
    expect(error).toBe(errors[8]);
  });

  it('asks no target twice that is named twice', async () => {
    const provider = new ScriptedProvider(() => ({ error: new ProviderRefused('401') }));
    await answerOf(wrap(provider.next, { alternatives: () => [HOME, AWAY, AWAY] })(aCallNow()));
    expect(provider.route).toEqual([HOME_NAME, AWAY_NAME]);
  });
});

describe('an attempt that fails after content', () => {
  it('is not repeated: the caller has its beginning', async () => {
    const error = new ProviderStreamCut('cut');
    const provider = firstly({ events: 3, error });
    const answered = await answerOf(wrap(provider.next, TO_AWAY)(aCallNow()));
    expect(answered.events.map(({ type }) => type)).toEqual(['start', 'delta', 'delta']);
    expect(answered.error).toBe(error);
    expect(provider.seen).toHaveLength(1);
  });
});

describe('a wait', () => {
  async function waitsAfter(...errors: Error[]): Promise<number[]> {
    const provider = firstly(...errors.map((error) => ({ error })));
    await answerOf(wrap(provider.next)(aCallNow()));
    return provider.seen.slice(1).map(({ at }, index) => at - provider.seen[index]!.at);
  }

  it('is anything up to a bound that doubles, where the provider asks for nothing', async () => {
    // Half of 250 and of 500, since the random number is 0.5.
    expect(await waitsAfter(new ProviderTimeout('a'), new ProviderTimeout('b'))).toEqual([125, 250]);
  });

  it.each([
    ['retry-after-ms', { 'retry-after-ms': '700', 'retry-after': '9' }, 700],
    ['retry-after in seconds', { 'retry-after': '7' }, 7000],
    ['what cannot be read', { 'retry-after': 'soon' }, 0],
  ])('is what the provider asks for, and the jitter on top: %s', async (_, headers, asked) => {
    expect(await waitsAfter(anErrorAnswer(429, headers))).toEqual([asked + 125]);
  });

  it('that is longer than a limit is passed at a fallback', async () => {
    const provider = homeFails(anErrorAnswer(429, { 'retry-after': '5' }));
    await answerOf(wrap(provider.next, TO_AWAY)(aCallNow()));
    expect(provider.route).toEqual([HOME_NAME, AWAY_NAME]);
  });

  it('is made after all where the fallback fails too', async () => {
    const provider = firstly(
      { error: anErrorAnswer(429, { 'retry-after': '5' }) },
      { error: new ProviderRefused('401') },
    );
    const { events } = await answerOf(wrap(provider.next, TO_AWAY)(aCallNow()));
    expect(provider.route).toEqual([HOME_NAME, AWAY_NAME, HOME_NAME]);
    expect(events[0]).toMatchObject({ target: HOME });
  });

  it.each([
    ['the deadline', { deadlineAt: 2000 }, '2'],
    ['the longest that the gateway waits', { deadlineAt: 600_000 }, '120'],
  ])('that does not fit %s is not begun', async (_, { deadlineAt }, retryAfter) => {
    const error = anErrorAnswer(429, { 'retry-after': retryAfter });
    const provider = firstly({ error });
    const begun = Date.now();
    const answered = await answerOf(wrap(provider.next)(aCallNow({ deadlineAt: begun + deadlineAt })));
    expect(Date.now()).toBe(begun);
    expect(answered.error).toBe(error);
    expect(provider.seen).toHaveLength(1);
  });

  it('ends when the caller leaves', async () => {
    vi.useRealTimers();
    const abort = new AbortController();
    const provider = firstly({ error: anErrorAnswer(429, { 'retry-after': '20' }) });
    const next = resilient(provider.next, {
      health: new ProviderHealth(),
      policy: DEFAULT_RETRY_POLICY,
      alternatives: () => [],
      mark: (call) => call,
    });
    const answered = answerOf(next(aCallNow({ signal: abort.signal })));
    await expect.poll(() => provider.egress.closed).toBe(1);
    const reason = new Error('the caller has left');
    abort.abort(reason);
    expect(await answered).toEqual({ events: [], error: reason });
    expect(provider.egress.opened).toBe(1);
  });

  it('is not begun for a caller who has left, whatever the provider says of that', async () => {
    const abort = new AbortController();
    const error = new ProviderUnreachable('the connection is closed');
    let asked = 0;
    const next = wrap(() => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          asked++;
          abort.abort(new Error('the caller has left'));
          throw error;
        },
      }),
    }));
    expect(await answerOf(next(aCallNow({ signal: abort.signal })))).toEqual({ events: [], error });
    expect(asked).toBe(1);
  });
});

describe('a budget for retries', () => {
  it('ends retries where most calls fail, so that they do not make an outage worse', async () => {
    const provider = new ScriptedProvider(() => ({ error: anErrorAnswer(503) }));
    const health = new ProviderHealth({
      retries: { share: 0.2, perSecond: 0, most: 10 },
      circuit: { ...DEFAULT_HEALTH_LIMITS.circuit, fewestCalls: 1e6 },
    });
    const next = wrap(provider.next, { health });
    for (let index = 0; index < 100; index++) await answerOf(next(aCallNow()));
    // 100 first attempts, the 10 retries saved up, and one for five calls.
    expect(provider.seen.length).toBeGreaterThanOrEqual(128);
    expect(provider.seen.length).toBeLessThanOrEqual(130);
  });

  it('does not stand in the way of a fallback', async () => {
    const provider = homeFails(anErrorAnswer(503));
    const health = new ProviderHealth({ retries: { share: 0, perSecond: 0, most: 0 } });
    const { error } = await answerOf(wrap(provider.next, { health, ...TO_AWAY })(aCallNow()));
    expect(error).toBeUndefined();
    expect(provider.route).toEqual([HOME_NAME, AWAY_NAME]);
  });
});

describe('a circuit', () => {
  it('that is open sends calls to the fallback at once, and refuses those that have none', async () => {
    const provider = homeFails(anErrorAnswer(500));
    const health = new ProviderHealth();
    const policy = { ...DEFAULT_RETRY_POLICY, attempts: 1 };
    for (let index = 0; index < 20; index++) await answerOf(wrap(provider.next, { health, policy })(aCallNow()));
    const before = provider.seen.length;
    expect(before).toBeLessThan(20);
    const { error } = await answerOf(wrap(provider.next, { health, policy })(aCallNow()));
    expect(error).toBeInstanceOf(ProviderUnavailable);
    await answerOf(wrap(provider.next, { health, policy, ...TO_AWAY })(aCallNow()));
    expect(provider.route.slice(before)).toEqual([AWAY_NAME]);
    expect(health.report()[0]).toMatchObject({ provider: 'openai', models: [{ circuit: 'open', failureShare: 1 }] });
  });

  it('lets others in again with the first content of its probe, though the stream goes on', async () => {
    let isDown = true;
    const provider = new ScriptedProvider(() => (isDown ? { error: anErrorAnswer(500) } : {}));
    const health = new ProviderHealth();
    const next = wrap(provider.next, { health, policy: { ...DEFAULT_RETRY_POLICY, attempts: 1 } });
    for (let index = 0; index < 15; index++) await answerOf(next(aCallNow()));
    expect(health.report()[0]?.models[0]?.circuit).toBe('open');
    isDown = false;
    passTime(60_000);
    const probe = next(aCallNow())[Symbol.asyncIterator]();
    const first = probe.next();
    expect((await answerOf(next(aCallNow()))).error).toBeInstanceOf(ProviderUnavailable);
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    expect((await answerOf(next(aCallNow()))).error).toBeUndefined();
    await probe.return?.();
  });

  it('stays closed for rate limits; but calls that have a fallback let the provider rest', async () => {
    const provider = homeFails(anErrorAnswer(429, { 'retry-after': '30' }));
    const health = new ProviderHealth();
    await answerOf(wrap(provider.next, { health, ...TO_AWAY })(aCallNow()));
    await answerOf(wrap(provider.next, { health, ...TO_AWAY })(aCallNow()));
    expect(provider.route).toEqual([HOME_NAME, AWAY_NAME, AWAY_NAME]);
    expect(health.report()[0]?.models[0]).toMatchObject({
      circuit: 'closed',
      failureShare: 0,
      coolingUntil: Date.now() + 30_000,
      attempts: { rateLimited: 1, ok: 0 },
    });
    await answerOf(wrap(provider.next, { health })(aCallNow({ deadlineAt: Date.now() + 10 })));
    expect(provider.route.at(-1)).toBe(HOME_NAME);
  });

  it("of one tenant's own provider says nothing of another's", async () => {
    const provider = homeFails(new ProviderUnreachable('down'));
    const health = new ProviderHealth();
    const policy = { ...DEFAULT_RETRY_POLICY, attempts: 1 };
    const own = wrap(provider.next, { health, policy, healthNameOf: (name) => `tenant-1/${name}` });
    for (let index = 0; index < 30; index++) await answerOf(own(aCallNow()));
    expect((await answerOf(own(aCallNow()))).error).toBeInstanceOf(ProviderUnavailable);
    expect((await answerOf(wrap(provider.next, { health, policy })(aCallNow()))).error).toBeInstanceOf(
      ProviderUnreachable,
    );
  });
});

describe('what was decided', () => {
  it('stands in the call of the next attempt, in words without the answer of the provider', async () => {
    const secret = anErrorAnswer(503, {}, { error: { message: 'cannot answer «мой секрет»' } });
    const provider = new ScriptedProvider(({ target }) => (target.provider === 'openai' ? { error: secret } : {}));
    await answerOf(wrap(provider.next, TO_AWAY)(aCallNow()));
    const last = provider.seen.at(-1)?.call;
    expect(last?.decisions.map(({ plugin, summary }) => `${plugin}: ${summary}`)).toEqual([
      `reliability: ${HOME_NAME} failed (provider_error, 503); tried ${HOME_NAME} again after 125 ms`,
      `reliability: ${HOME_NAME} failed (provider_error, 503); tried ${HOME_NAME} again after 250 ms`,
      `reliability: ${HOME_NAME} failed (provider_error, 503); went to ${AWAY_NAME}`,
    ]);
    expect(last?.decisions[2]?.detail).toEqual({
      error: 'provider_error',
      status: 503,
      from: HOME_NAME,
      to: AWAY_NAME,
      purpose: 'fallback',
      waitMs: 0,
      attempts: 3,
    });
    expect(JSON.stringify(last?.decisions)).not.toContain('секрет');
  });

  it('tells the meter what each attempt is for', async () => {
    const provider = homeFails(anErrorAnswer(500));
    await answerOf(wrap(provider.next, TO_AWAY)(aCallNow()));
    expect(provider.seen.map(({ call }) => call.tags['purpose'])).toEqual([undefined, 'retry', 'retry', 'fallback']);
  });
});

describe('a fallback', () => {
  it('that cannot take the call is passed over, and its refusal is not what the caller sees', async () => {
    const error = anErrorAnswer(500);
    const provider = new ScriptedProvider(({ target }) =>
      target.provider === 'openai'
        ? { error }
        : { error: new UnsupportedParameter('no logprobs here', { param: 'logprobs' }) },
    );
    const answered = await answerOf(wrap(provider.next, { alternatives: () => [AWAY, THIRD] })(aCallNow()));
    expect(answered.error).toBe(error);
    expect(provider.route.slice(3)).toEqual([AWAY_NAME, 'mistral/mistral-small']);
  });

  it('that is too dear ends the call: money is asked first', async () => {
    const provider = new ScriptedProvider(({ target }) =>
      target.provider === 'openai' ? { error: new ProviderRefused('401') } : { error: new BudgetExceeded('too dear') },
    );
    const { error } = await answerOf(wrap(provider.next, { alternatives: () => [AWAY, THIRD] })(aCallNow()));
    expect(error).toBeInstanceOf(BudgetExceeded);
  });
});
