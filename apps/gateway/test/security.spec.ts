import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

const PAGE = 'https://tools.example';
let real: RealGateway;
beforeAll(async () => {
  const limits = { headersMs: 400, requestMs: 800 };
  real = await RealGateway.start({}, {}, { limits, corsOrigins: [PAGE], trustedProxies: ['127.0.0.1'] });
});
afterAll(() => real[Symbol.asyncDispose]());

const chat = JSON.stringify({ model: 'economy', messages: [{ role: 'user', content: 'x' }], max_tokens: 5 });

function openSocket(): Promise<Socket> {
  const { hostname, port } = new URL(real.url);
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** What the server says until it closes the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (bytes: Buffer) => (heard += bytes.toString()));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return heard;
}

describe('a client that sends a byte now and then (slow loris)', () => {
  it.each([
    ['in its header lines', 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n', 'x-slow: 1\r\n'],
    [
      'in its body',
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\nauthorization: Bearer KEY\r\n\r\n',
      ' ',
    ],
  ])('%s loses its connection', async (_where, opening, drop) => {
    const socket = await openSocket();
    const closed = untilClosed(socket);
    socket.write(opening.replace('KEY', real.secret));
    const dripping = setInterval(() => socket.write(drop), 100);
    const heard = await closed.finally(() => clearInterval(dripping));
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('a request', () => {
  it('that is compressed is refused before it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20, ' '));
    const refused = await real.post('/v1/chat/completions', bomb, { 'content-encoding': 'gzip' });
    expect(refused.status).toBe(415);
    expect(await refused.json()).toMatchObject({ error: { code: 'unsupported_media_type' } });
  });

  it('with more header lines than Node takes is refused, and the next one served', async () => {
    const refused = await real.post('/v1/chat/completions', chat, { 'x-long': 'x'.repeat(20_000) });
    expect(refused.status).toBe(431);
    expect((await real.post('/v1/chat/completions', chat)).status).toBe(200);
  });

  it('cannot give every object a new property', async () => {
    const body = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${chat.slice(1)}`;
    for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/responses']) await real.post(path, body);
    const tags = { 'x-parsimony-tags': '__proto__=polluted,constructor=polluted' };
    await real.post('/v1/chat/completions', chat, tags);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('cannot write a line of its own into an answer or a log', async () => {
    const answer = await real.post('/v1/chat/completions', chat.replace('economy', 'openai/x\\r\\nset-cookie: a=b'));
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

describe('an answer', () => {
  it.each(['/v1/models', '/healthz', '/nowhere'])('of %s keeps to itself', async (path) => {
    const { headers } = await fetch(`${real.url}${path}`, { headers: { authorization: `Bearer ${real.secret}` } });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('of a call is no page either', async () => {
    const { headers } = await real.post('/v1/chat/completions', chat);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a page of another origin', () => {
  const preflight = (origin: string) =>
    fetch(`${real.url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it('that the operator named may call', async () => {
    const allowed = await preflight(PAGE);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(PAGE);
    const answer = await real.post('/v1/chat/completions', chat, { origin: PAGE });
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
  });

  it('that nobody named may not', async () => {
    const refused = await preflight('https://evil.example');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a key that is bound to addresses', () => {
  it('is refused from others, whatever a stranger writes into x-forwarded-for', async () => {
    const { secret } = await real.createKey({ name: 'office', role: 'MEMBER', allowedAddresses: ['203.0.113.0/24'] });
    const from = (address: string) =>
      real.post('/v1/chat/completions', chat, { authorization: `Bearer ${secret}`, 'x-forwarded-for': address });
    expect((await from('203.0.113.7')).status).toBe(200);
    expect((await from('198.51.100.7')).status).toBe(403);
    expect((await from('203.0.113.7, 198.51.100.7')).status).toBe(403);
  });
});

describe('a key that is bound to models', () => {
  it('sees and calls no other', async () => {
    const { secret } = await real.createKey({ name: 'small', role: 'MEMBER', allowedModels: ['openai/gpt-4.1-mini'] });
    const client = real.client(secret);
    const messages = [{ role: 'user' as const, content: 'x' }];
    await client.chat.completions.create({ model: 'economy', messages, max_tokens: 5 });
    const dear = client.chat.completions.create({ model: 'standard', messages, max_tokens: 5 });
    await expect(dear).rejects.toMatchObject({ status: 403, code: 'permission_denied' });
    const listed: string[] = [];
    for await (const { id } of client.models.list()) listed.push(id);
    expect(listed).toEqual(['openai/gpt-4.1-mini']);
  });
});

it('still answers after all that', async () => {
  await delay(100);
  expect((await real.post('/v1/chat/completions', chat)).status).toBe(200);
});
