import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { RateLimitError, type APIError } from 'openai';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setRateLimit } from './limits.js';
import { RealGateway } from './real-gateway.js';

const MODEL = 'openai/gpt-4.1-mini';
const messages = [{ role: 'user' as const, content: 'Привет' }];
const request = { model: MODEL, messages, max_tokens: 40 };
const MINUTE_MS = 60_000;

let real: RealGateway;
beforeEach(async () => {
  real = await RealGateway.start({ budgets: true });
  await untilMinuteIsYoung();
});
afterEach(() => real[Symbol.asyncDispose]());

/** What these specs count in one minute must not fall into two. */
async function untilMinuteIsYoung(): Promise<void> {
  await expect.poll(() => Date.now() % MINUTE_MS, { timeout: 20_000 }).toBeLessThan(50_000);
}

function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => new Error('the call was answered'),
    (error: unknown) => error,
  );
}

it('requests a minute: the official client sees a 429 that says when to come again', async () => {
  await setRateLimit(real, { requestsPerMinute: 3 });
  for (const left of [2, 1, 0]) {
    const { response } = await real.client().chat.completions.create(request).withResponse();
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('3');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe(String(left));
    expect(response.headers.get('x-ratelimit-reset-requests')).toMatch(/^(\d+ms|[\d.]+s)$/);
  }
  const before = real.simulator.bill().total;
  const refused = await failureOf(real.client().chat.completions.create(request));
  expect(refused).toBeInstanceOf(RateLimitError);
  const { status, code, type, message, headers } = refused as RateLimitError;
  expect({ status, code, type }).toEqual({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
  expect(message).toMatch(/requests per min: limit 3, left 0, asked 1\. Try again in \d+ s\./);
  expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(headers?.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(headers?.get('x-ratelimit-remaining-requests')).toBe('0');
  expect(real.simulator.bill().total).toEqual(before);
  await real.settled();
  const rows = await real.rows<{ status: string; error_code: string }>("status = 'refused'");
  expect(rows).toMatchObject([{ error_code: 'rate_limit_exceeded' }]);
});

it('says how it stands on streams and errors too, and to Anthropic’s client in its own words', async () => {
  await setRateLimit(real, { requestsPerMinute: 100, tokensPerMinute: 100_000 });
  const stream = await real
    .client()
    .chat.completions.create({ ...request, stream: true })
    .withResponse();
  expect(stream.response.headers.get('x-ratelimit-limit-tokens')).toBe('100000');
  for await (const _chunk of stream.data);
  real.simulator.configure({ faults: { server_error: 1 } });
  const failed = (await failureOf(real.client().chat.completions.create(request))) as APIError;
  expect(failed.status).toBe(500);
  expect(failed.headers?.get('x-ratelimit-remaining-requests')).toBe('98');
  real.simulator.configure({ faults: { server_error: 0 } });
  const anthropic = new Anthropic({ baseURL: real.url, apiKey: real.secret, maxRetries: 0 });
  const { response } = await anthropic.messages.create(request).withResponse();
  expect(response.headers.get('anthropic-ratelimit-requests-limit')).toBe('100');
  expect(response.headers.get('anthropic-ratelimit-requests-remaining')).toBe('97');
  expect(response.headers.get('anthropic-ratelimit-tokens-reset')).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
  expect(response.headers.get('x-ratelimit-limit-requests')).toBeNull();
});

it('refuses Anthropic’s client in its own shape', async () => {
  await setRateLimit(real, { requestsPerMinute: 1 });
  const anthropic = new Anthropic({ baseURL: real.url, apiKey: real.secret, maxRetries: 0 });
  await anthropic.messages.create(request);
  const refused = await failureOf(anthropic.messages.create(request));
  expect(refused).toBeInstanceOf(Anthropic.RateLimitError);
  expect(refused).toMatchObject({ error: { type: 'error', error: { type: 'rate_limit_error' } } });
});

it('tokens a minute: estimated before the call, settled by what it used', async () => {
  await setRateLimit(real, { tokensPerMinute: 1000 });
  const { data, response } = await real.client().chat.completions.create(request).withResponse();
  const left = 1000 - (data.usage?.total_tokens ?? 0);
  expect(response.headers.get('x-ratelimit-remaining-tokens')).toBe(String(left));
  const refused = (await failureOf(
    real.client().chat.completions.create({ ...request, max_tokens: left }),
  )) as RateLimitError;
  expect(refused.status).toBe(429);
  expect(refused.message).toMatch(/tokens per min: limit 1000, left \d+, asked \d+\. Try again/);
  // It was refused whole: nothing of it counts.
  const { response: next } = await real.client().chat.completions.create(request).withResponse();
  expect(Number(next.headers.get('x-ratelimit-remaining-tokens'))).toBeGreaterThan(left - 200);
});

it('counts what a call used whose caller has left', async () => {
  await setRateLimit(real, { tokensPerMinute: 100_000 });
  real.simulator.configure({ latencyMs: 300 });
  const leaving = new AbortController();
  const left = failureOf(
    real.client().chat.completions.create({ ...request, max_tokens: 5000 }, { signal: leaving.signal }),
  );
  await expect.poll(() => real.gateway.core.journal.openReservations).toBe(1);
  leaving.abort();
  await left;
  await real.settled();
  const { data, response } = await real.client().chat.completions.create(request).withResponse();
  const [first] = await real.rows<{ input: number; output: number }>(`rung_status = 'cancelled'`);
  const drained = (first?.input ?? 0) + (first?.output ?? 0);
  expect(drained).toBeGreaterThan(0);
  const remaining = 100_000 - drained - (data.usage?.total_tokens ?? 0);
  expect(response.headers.get('x-ratelimit-remaining-tokens')).toBe(String(remaining));
});

it('tells a client not to try again what can never fit', async () => {
  await setRateLimit(real, { tokensPerMinute: 100 });
  const refused = await failureOf(
    real.client(real.secret, { maxRetries: 2 }).chat.completions.create({ ...request, max_tokens: 5000 }),
  );
  expect(refused).toBeInstanceOf(RateLimitError);
  expect((refused as RateLimitError).message).toContain('never fits');
  expect((refused as RateLimitError).headers?.get('x-should-retry')).toBe('false');
});

it('calls at once: a slot is free again when its call ends, however it ends', async () => {
  await setRateLimit(real, { concurrentCalls: 2 });
  real.simulator.configure({ latencyMs: 600 });
  const call = (signal?: AbortSignal) => real.client().chat.completions.create(request, { signal });
  const first = [call(), call()];
  await expect.poll(() => real.gateway.core.runner.callsUnderWay).toBe(2);
  const refused = await failureOf(call());
  expect(refused).toBeInstanceOf(RateLimitError);
  expect((refused as RateLimitError).message).toMatch(/calls at once: limit 2, asked 1/);
  expect((refused as RateLimitError).headers?.get('retry-after')).toBe('1');
  await Promise.all(first);
  // Answered, failed, left: each gives its slot back.
  real.simulator.configure({ latencyMs: 0, faults: { server_error: 1 } });
  // Of another model: the gateway leaves one alone that fails so often.
  const failing = { ...request, model: 'openai/gpt-4.1' };
  for (let calls = 0; calls < 3; calls++)
    expect(await failureOf(real.client().chat.completions.create(failing))).not.toBeInstanceOf(RateLimitError);
  real.simulator.configure({ latencyMs: 300, faults: { server_error: 0 } });
  for (let calls = 0; calls < 4; calls++) {
    const leaving = new AbortController();
    const left = failureOf(call(leaving.signal));
    await expect.poll(() => real.gateway.core.runner.callsUnderWay).toBe(1);
    leaving.abort();
    await left;
    await real.settled();
  }
  real.simulator.configure({ latencyMs: 0 });
  await Promise.all([call(), call()]);
});

it('lets an official client that waits and tries again come through', async () => {
  await setRateLimit(real, { concurrentCalls: 1 });
  real.simulator.configure({ latencyMs: 400 });
  const patient = real.client(real.secret, { maxRetries: 3 });
  const answers = await Promise.all([
    patient.chat.completions.create(request),
    patient.chat.completions.create(request),
  ]);
  expect(answers.length).toBe(2);
});

it('limits a key, and nobody else', async () => {
  const { id, secret } = await real.createKey({ name: 'limited', role: 'MEMBER' });
  await setRateLimit(real, { keyId: id, requestsPerMinute: 1 });
  await real.client(secret).chat.completions.create(request);
  const refused = await failureOf(real.client(secret).chat.completions.create(request));
  expect((refused as RateLimitError).message).toContain(id);
  const { response } = await real.client().chat.completions.create(request).withResponse();
  expect(response.headers.get('x-ratelimit-limit-requests')).toBeNull();
});

it('holds over two gateways together', async () => {
  await setRateLimit(real, { requestsPerMinute: 20 });
  const other = await real.startAnother();
  try {
    await expect.poll(() => other.core.directory.tenant(real.tenantId)?.rateLimits.length).toBe(1);
    const clients = [real.url, other.url].map(
      (url) => new OpenAI({ baseURL: `${url}/v1`, apiKey: real.secret, maxRetries: 0 }),
    );
    const outcomes: string[] = [];
    for (let round = 0; round < 15; round++) {
      for (const client of clients) {
        const outcome = await failureOf(client.chat.completions.create(request));
        outcomes.push(outcome instanceof RateLimitError ? 'refused' : 'answered');
      }
    }
    expect(outcomes.filter((outcome) => outcome === 'answered').length).toBe(20);
  } finally {
    await other.stop(1_000);
  }
});
