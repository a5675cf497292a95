import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ProviderConfig } from '@parsimony/providers';
import { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

/** The faults themselves are what these specs are about, and not what makes up for them. */
const ONE_ATTEMPT = { reliability: { attempts: 1 } };

let real: RealGateway;
beforeAll(async () => {
  real = await RealGateway.start({}, ONE_ATTEMPT);
});
afterAll(() => real[Symbol.asyncDispose]());

const openaiAt = (baseUrl: string): ProviderConfig => ({
  name: 'openai',
  kind: 'openai',
  baseUrl,
  credential: { type: 'none' },
  settings: {},
  trusted: true,
});

const request = (fault: string) => ({
  model: 'gpt-4.1-mini',
  messages: [{ role: 'user' as const, content: 'Tell me about gateways at some length, please.' }],
  metadata: { simulator_fault: fault },
});

async function failure(attempt: Promise<unknown>): Promise<APIError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof APIError)) throw new Error(`expected an API error, got ${String(error)}`);
  return error;
}

async function lastRow() {
  await real.settled();
  return (await real.rows()).at(-1);
}

describe('a provider that fails', () => {
  it('429: its own words and retry-after reach the caller, and nothing is charged', async () => {
    const error = await failure(real.client().chat.completions.create(request('rate_limit')));
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(error.headers?.get('retry-after')).toBeTruthy();
    expect(await lastRow()).toMatchObject({
      settlement: 'exact',
      cost: '0.000000000000',
      provider_status: 429,
      rung_status: 'failed',
    });
  });

  it('500', async () => {
    expect(await failure(real.client().chat.completions.create(request('server_error')))).toMatchObject({
      status: 500,
    });
    expect(await lastRow()).toMatchObject({ cost: '0.000000000000', provider_status: 500, status: 'failed' });
  });

  it('connection reset before an answer: 502, and what it cost is unconfirmed', async () => {
    expect(await failure(real.client().chat.completions.create(request('reset')))).toMatchObject({
      status: 502,
      code: 'provider_unreachable',
    });
    expect(await lastRow()).toMatchObject({
      settlement: 'unconfirmed',
      rung_status: 'failed',
      error_code: 'provider_unreachable',
    });
  });

  it('garbage with status 200: 502', async () => {
    expect(await failure(real.client().chat.completions.create(request('garbage')))).toMatchObject({
      status: 502,
      code: 'provider_invalid_answer',
    });
  });

  it('garbage in a stream ends it with an error event', async () => {
    const response = await real.post('/v1/chat/completions', JSON.stringify({ ...request('garbage'), stream: true }));
    expect(await response.text()).toMatch(/provider_(invalid_answer|stream_cut)/);
  });

  it('a stream cut in the middle: an error event, and at least what was seen is in the ledger', async () => {
    const before = real.billed();
    const stream = await real.client().chat.completions.create({ ...request('cut'), stream: true });
    const error = await failure(
      (async () => {
        for await (const _chunk of stream);
      })(),
    );
    expect(error.code).toBe('provider_stream_cut');
    const row = await lastRow();
    expect(row).toMatchObject({ settlement: 'at-least', rung_status: 'failed', error_code: 'provider_stream_cut' });
    expect(BigInt(String(row?.['cost']).replace('.', ''))).toBeLessThanOrEqual(real.billed() - before);
    expect(row?.['output']).toBeGreaterThan(0);
  });

  it('an answer cut in the middle of its body: 502', async () => {
    expect(await failure(real.client().chat.completions.create(request('cut')))).toMatchObject({
      status: 502,
      code: 'provider_stream_cut',
    });
  });
});

describe('a provider that is not there', () => {
  it('away: 502, and certainly nothing was charged', async () => {
    await using away = await RealGateway.start({ providers: [openaiAt('http://127.0.0.1:9/v1')] }, ONE_ATTEMPT);
    expect(await failure(away.client().chat.completions.create(request('none')))).toMatchObject({
      status: 502,
      code: 'provider_unreachable',
    });
    await away.settled();
    expect((await away.rows())[0]).toMatchObject({ settlement: 'exact', cost: '0.000000000000' });
  });

  it('slow: 504 after the silence that the gateway bears', async () => {
    const silent = createServer(() => undefined)
      .listen(0, '127.0.0.1')
      .unref();
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const settings = { timeouts: { firstByteMs: 1500 } };
    const silentProvider = { ...openaiAt(`http://127.0.0.1:${port}/v1`), settings };
    await using slow = await RealGateway.start({ providers: [silentProvider] }, ONE_ATTEMPT);
    expect(await failure(slow.client().chat.completions.create(request('none')))).toMatchObject({
      status: 504,
      code: 'provider_timeout',
    });
    await slow.settled();
    expect((await slow.rows())[0]).toMatchObject({ settlement: 'unconfirmed', cost: '0.000000000000' });
  });

  it('refuses our credential: the caller is not told that its own key is bad', async () => {
    await using refused = await RealGateway.start({ providers: [openaiAt(`${real.simulator.url}/v1`)] }, ONE_ATTEMPT);
    expect(await failure(refused.client().chat.completions.create(request('none')))).toMatchObject({
      status: 502,
      code: 'provider_refused',
    });
  });
});
