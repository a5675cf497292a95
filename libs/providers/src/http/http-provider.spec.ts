import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import {
  ProviderError,
  ProviderInvalidAnswer,
  ProviderRefused,
  ProviderStreamCut,
  ProviderTimeout,
  ProviderUnreachable,
  type ChatCall,
  type ModelTarget,
} from '@parsimony/contract';
import { startSimulator } from '@parsimony/simulator';
import { aCall, anEmbeddingsCall } from '@parsimony/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { EVENT_STREAM_HEAD, httpChunk, startHttpServer, startRawServer } from '../../test/loopback-server.js';
import { pullAll, until, wireOf } from '../../test/pull.js';
import { silence, testProvider, type TestProvider } from '../../test/test-provider.js';
import type { ProviderConfig } from '../config/provider-config.js';
import type { ProviderExchange } from '../provider-adapter.js';

const TARGET: ModelTarget = { provider: 'openai', model: 'gpt-4.1-mini', tier: null };
const BODY = { model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'Name a prime number.' }] };
const DELTA = 'data: {"choices":[{"index":0,"delta":{"content":"Two"}}]}\n\n';
/** undici looks at its time-outs once a second. */
const SILENCE_MS = 300;
const SILENCE_AT_MOST_MS = 2500;

const opened: TestProvider[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((provider) => provider[Symbol.asyncDispose]()));
});

function open(baseUrl: string, changes: Partial<ProviderConfig> = {}): TestProvider {
  const provider = testProvider({ baseUrl, ...changes });
  opened.push(provider);
  return provider;
}

function send(baseUrl: string, stream: boolean, changes: Partial<ProviderConfig> = {}): ProviderExchange {
  return open(baseUrl, changes).send(chat(stream), TARGET);
}

function chat(stream: boolean, changes: Partial<ChatCall['body']> = {}): ChatCall {
  return aCall({ stream, body: { ...BODY, stream, ...changes } });
}

/** What the exchange fails with. */
async function failure(exchange: ProviderExchange): Promise<unknown> {
  return pullAll(exchange).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a provider that answers', () => {
  it('streams, whole, or embeds, as the simulator bills it', async () => {
    await using simulator = await startSimulator({ settings: { cachedTokens: { share: 0.5, minimum: 0, step: 1 } } });
    const provider = open(`${simulator.url}/v1`);
    const streamed = await pullAll(provider.send(chat(true), TARGET));
    const whole = await pullAll(provider.send(chat(false), TARGET));
    const embedding = { provider: 'openai', model: 'text-embedding-3-small', tier: null };
    const embedded = await pullAll(provider.send(anEmbeddingsCall(), embedding));
    expect(streamed[0]).toEqual({ type: 'start' });
    expect(wireOf(streamed)).not.toContain('[DONE]');
    expect(wireOf(streamed)).not.toContain('"usage":{');
    const charges = simulator.requests(3).map(({ charge }) => charge?.tokens);
    for (const [index, events] of [streamed, whole, embedded].entries()) {
      const { input, cachedInput, output, reasoning } = charges[index] ?? {};
      expect(events.at(-1)).toMatchObject({ type: 'finish', usage: { input, cachedInput, output, reasoning } });
    }
  });

  it('hears the credential, the path behind the base URL, and the very bytes of the caller', async () => {
    const heard: string[] = [];
    await using server = await startHttpServer(async (request, response) => {
      const body = (await request.toArray()).join('');
      heard.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
      response.end('{"choices":[]}');
    });
    const json = '{"model":"gpt-4.1-mini","messages":[],"temperature":0.10}';
    const body = JSON.parse(json) as ChatCall['body'];
    const call = aCall({ stream: false, body, received: { bytes: Buffer.from(json), body } });
    await pullAll(open(`${server.url}/`).send(call, TARGET));
    await pullAll(open(server.url, { credential: { type: 'none' } }).send(call, TARGET));
    expect(heard).toEqual([
      `POST /v1/chat/completions Bearer sk-spec ${json}`,
      `POST /v1/chat/completions undefined ${json}`,
    ]);
  });

  it('may drip: silence is measured from byte to byte', async () => {
    await using server = await startRawServer((socket) => {
      socket.write(EVENT_STREAM_HEAD);
      const bytes = Buffer.from(`${DELTA}data: [DONE]\n\n`);
      let at = 0;
      const timer = setInterval(() => {
        if (at < bytes.length) socket.write(httpChunk(String.fromCharCode(bytes[at++] ?? 0)));
        else {
          clearInterval(timer);
          socket.end('0\r\n\r\n');
        }
      }, 20);
      socket.on('close', () => clearInterval(timer));
    });
    const events = await pullAll(send(server.url, true, { settings: silence(SILENCE_MS) }));
    expect(wireOf(events)).toBe(DELTA);
  });
});

describe('a provider that cannot be reached', () => {
  it('has not been sent anything where the connection is refused', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    const exchange = send(`http://127.0.0.1:${port}/v1`, true);
    expect(await failure(exchange)).toBeInstanceOf(ProviderUnreachable);
    expect(exchange.sent).toBe(false);
  });

  it('may have been sent something where the connection breaks before the answer', async () => {
    await using server = await startRawServer((socket) => socket.resetAndDestroy());
    const exchange = send(server.url, true);
    expect(await failure(exchange)).toBeInstanceOf(ProviderUnreachable);
    expect(exchange.sent).toBe(true);
  });

  it('is not called again by itself', async () => {
    let calls = 0;
    await using server = await startRawServer((socket) => {
      calls++;
      socket.end();
    });
    expect(await failure(send(server.url, false))).toBeInstanceOf(ProviderUnreachable);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toBe(1);
  });

  it('is one that is closed', async () => {
    const provider = open('http://127.0.0.1:9/v1');
    await provider[Symbol.asyncDispose]();
    const exchange = provider.send(chat(true), TARGET);
    expect(await failure(exchange)).toBeInstanceOf(ProviderUnreachable);
    expect(exchange.sent).toBe(false);
  });
});

describe('a provider that falls silent', () => {
  it.each([
    ['before its answer', ''],
    ['in the middle of its stream', EVENT_STREAM_HEAD + httpChunk(DELTA)],
    ['in the middle of an event', EVENT_STREAM_HEAD + httpChunk('data: {"cho')],
  ])('%s has timed out', async (_, bytes) => {
    await using server = await startRawServer((socket) => socket.write(bytes));
    const began = performance.now();
    const exchange = send(server.url, true, { settings: silence(SILENCE_MS) });
    expect(await failure(exchange)).toBeInstanceOf(ProviderTimeout);
    expect(exchange.sent).toBe(true);
    expect(performance.now() - began).toBeGreaterThanOrEqual(SILENCE_MS);
    expect(performance.now() - began).toBeLessThan(SILENCE_AT_MOST_MS);
    await until(() => server.sockets.size === 0);
  });
});

describe('an answer that is cut', () => {
  it.each([
    ['a stream', true, EVENT_STREAM_HEAD + httpChunk(DELTA)],
    ['a stream before its first event', true, EVENT_STREAM_HEAD],
    ['a whole answer', false, 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id":'],
  ])('%s: ProviderStreamCut', async (_, stream, bytes) => {
    await using server = await startRawServer((socket) => socket.end(bytes));
    expect(await failure(send(server.url, stream))).toBeInstanceOf(ProviderStreamCut);
  });

  it('gives what came before the cut first', async () => {
    await using server = await startRawServer((socket) => socket.end(EVENT_STREAM_HEAD + httpChunk(DELTA + DELTA)));
    const exchange = send(server.url, true);
    expect(await exchange.next()).toEqual({ type: 'start' });
    expect(await exchange.next()).toMatchObject({ type: 'delta', wire: Buffer.from(DELTA + DELTA) });
    await expect(exchange.next()).rejects.toBeInstanceOf(ProviderStreamCut);
  });

  it('is also a stream that ends properly in HTTP, but before [DONE]', async () => {
    await using server = await startHttpServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(DELTA);
    });
    expect(await failure(send(server.url, true))).toBeInstanceOf(ProviderStreamCut);
  });
});

describe('a status that is no success', () => {
  it('goes to the caller as it is, with what helps to behave', async () => {
    const body = '{"error":{"message":"slow down","type":"requests"}}';
    await using server = await startHttpServer((_, response) => {
      const headers = {
        'retry-after': '7',
        'content-type': 'application/json',
        'x-request-id': 'r',
        'set-cookie': 'c=1',
      };
      response.writeHead(429, headers).end(body);
    });
    const error = await failure(send(server.url, true));
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      status: 429,
      wire: Buffer.from(body),
      headers: { 'retry-after': '7', 'content-type': 'application/json' },
    });
    expect(error).not.toHaveProperty('headers.set-cookie');
  });

  it.each([401, 403])("%i blames the gateway's credential, not the caller's, and shows neither", async (status) => {
    await using server = await startHttpServer((_, response) => response.writeHead(status).end('bad key sk-spec'));
    const error = await failure(send(server.url, false));
    expect(error).toBeInstanceOf(ProviderRefused);
    expect(String(error)).not.toContain('sk-spec');
  });

  it.each([301, 302, 307, 308])('%i is not followed: the credential would go elsewhere', async (status) => {
    const visited: string[] = [];
    await using elsewhere = await startHttpServer((request, response) => {
      visited.push(String(request.headers.authorization));
      response.end('{}');
    });
    await using server = await startHttpServer((_, response) => {
      response.writeHead(status, { location: `${elsewhere.url}/chat/completions` }).end();
    });
    expect(await failure(send(server.url, false))).toMatchObject({ name: 'ProviderError', status: 502 });
    expect(visited).toEqual([]);
  });

  it('may have an endless body', async () => {
    await using server = await startHttpServer((_, response) => {
      response.writeHead(500);
      const flood = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 16, 'x')));
      };
      response.on('drain', flood);
      flood();
    });
    const error = await failure(send(server.url, false));
    expect(error).toMatchObject({ name: 'ProviderError', status: 500 });
    expect(error).toHaveProperty('wire.length', expect.closeTo(1 << 20, -6));
    await until(() => server.sockets.size === 0);
  });
});

describe('a success that is no answer', () => {
  it.each([
    ['a page for a stream', true, 'text/html', '<html></html>'],
    ['JSON for a stream', true, 'application/json', '{"choices":[]}'],
    ['a page as an event', true, 'text/event-stream', 'data: <html></html>\n\ndata: [DONE]\n\n'],
    ['a page for JSON', false, 'application/json', '<html></html>'],
    ['nothing', false, 'application/json', ''],
  ])('is refused: %s', async (_, stream, contentType, body) => {
    await using server = await startHttpServer((__, response) => {
      response.writeHead(200, { 'content-type': contentType }).end(body);
    });
    expect(await failure(send(server.url, stream))).toBeInstanceOf(ProviderInvalidAnswer);
  });

  it.each([true, false])('is refused where the simulator makes it (stream: %s)', async (stream) => {
    await using simulator = await startSimulator({ settings: { faults: { garbage: 1 } } });
    expect(await failure(send(`${simulator.url}/v1`, stream))).toBeInstanceOf(ProviderInvalidAnswer);
  });

  it('ends the connection of an endless event', async () => {
    await using server = await startHttpServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const flood = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 16, 'x')));
      };
      response.on('drain', flood);
      flood();
    });
    expect(await failure(send(server.url, true))).toBeInstanceOf(ProviderInvalidAnswer);
    await until(() => server.sockets.size === 0);
  });

  it('is not HTTP at all', async () => {
    await using server = await startRawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    expect(await failure(send(server.url, true))).toBeInstanceOf(ProviderUnreachable);
  });
});
