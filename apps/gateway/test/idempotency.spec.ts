import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

let real: RealGateway;
beforeAll(async () => {
  real = await RealGateway.start();
});
afterAll(() => real[Symbol.asyncDispose]());

const chat = (fields: Record<string, unknown> = {}) =>
  JSON.stringify({
    model: 'economy',
    messages: [{ role: 'user', content: 'Назови число' }],
    max_tokens: 20,
    ...fields,
  });

const post = (key: string, body = chat(), headers: Record<string, string> = {}) =>
  real.post('/v1/chat/completions', body, { 'idempotency-key': key, ...headers });

describe('an idempotency key', () => {
  it('gives the same answer again, byte for byte, without a second call', async () => {
    const first = await post('once');
    const text = await first.text();
    const billed = real.billed();
    const again = await post('once');
    expect(again.status).toBe(200);
    expect(await again.text()).toBe(text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('x-parsimony-request-id')).toBe(first.headers.get('x-parsimony-request-id'));
    expect(real.billed()).toBe(billed);
  });

  it('gives a stream again', async () => {
    const body = chat({ stream: true });
    const text = await (await post('stream', body)).text();
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(await (await post('stream', body)).text()).toBe(text);
  });

  it('is refused for another request', async () => {
    await (await post('taken')).text();
    const refused = await post('taken', chat({ max_tokens: 21 }));
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ error: { code: 'idempotency_key_reused' } });
  });

  it('lets one of many at once through', async () => {
    real.simulator.configure({ latencyMs: 300 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('crowd')));
    real.simulator.configure({ latencyMs: 0 });
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(9);
    expect((await post('crowd')).status).toBe(200);
  });

  it('of a call that failed may be used anew', async () => {
    real.simulator.configure({ faults: { server_error: 1 } });
    expect((await post('broken')).status).toBe(500);
    real.simulator.configure({ faults: { server_error: 0 } });
    const mended = await post('broken');
    expect(mended.status).toBe(200);
    expect(mended.headers.get('idempotent-replayed')).toBeNull();
  });

  it('of a stream that broke off may be used anew', async () => {
    const body = chat({ stream: true });
    real.simulator.configure({ faults: { server_error: 0, cut: 1 } });
    expect(await (await post('cut', body)).text()).toContain('provider_stream_cut');
    real.simulator.configure({ faults: { cut: 0 } });
    const mended = await post('cut', body);
    expect(mended.headers.get('idempotent-replayed')).toBeNull();
    expect(await mended.text()).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('keeps the answer of a caller who left, and gives it when the caller comes back', async () => {
    const body = chat({ stream: true, max_tokens: 200 });
    real.simulator.configure({ tokensPerSecond: 100, answerTokens: { min: 60, max: 60 } });
    const leaving = new AbortController();
    const left = await fetch(`${real.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${real.secret}`,
        'content-type': 'application/json',
        'idempotency-key': 'left',
      },
      body,
      signal: leaving.signal,
    });
    await left.body!.getReader().read();
    leaving.abort();
    await real.settled();
    real.simulator.configure({ tokensPerSecond: 0 });
    const billed = real.billed();
    const answer = await post('left', body);
    expect(answer.headers.get('idempotent-replayed')).toBe('true');
    expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/);
    expect(real.billed()).toBe(billed);
  });

  it.each(['', 'ключ', 'x'.repeat(256)])('that is %j is refused', async (key) => {
    const refused = await post(encodeURIComponent(key) === key ? key : Buffer.from(key).toString('latin1'));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: 'invalid_request', param: 'idempotency-key' } });
  });

  it('of one key says nothing about the same text of another', async () => {
    await (await post('shared')).text();
    const { secret } = await real.createKey({ name: 'other', role: 'MEMBER' });
    const other = await post('shared', chat(), { authorization: `Bearer ${secret}` });
    expect(other.headers.get('idempotent-replayed')).toBeNull();
    await other.text();
  });
});

describe('while the database is away', () => {
  it('a request that bears a key is refused, since nobody could know whether it came before; others go on', async () => {
    await real.settled();
    const unknown = real.billed() - (await real.ledger()).cost;
    await real.database.stopServer();
    const refused = await post('outage');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: 'database_unavailable' } });
    expect((await real.post('/v1/chat/completions', chat())).status).toBe(200);
    await real.database.startServer();
    await expect.poll(async () => (await post('outage')).status, { timeout: 20_000 }).toBe(200);
    await real.settled();
    expect(real.billed() - (await real.ledger()).cost).toBe(unknown);
  }, 60_000);
});
