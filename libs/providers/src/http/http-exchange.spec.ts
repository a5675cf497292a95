import { CallCancelled, type ModelTarget } from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { startHttpServer, startRawServer, type LoopbackServer } from '../../test/loopback-server.js';
import { pullAll, until, wireOf } from '../../test/pull.js';
import { silence, testProvider, type TestProvider } from '../../test/test-provider.js';
import type { ProviderSettings } from '../config/provider-config.js';

const TARGET: ModelTarget = { provider: 'openai', model: 'gpt-4.1-mini', tier: null };
const LEFT = new CallCancelled('the caller has left');
const DONE = 'data: [DONE]\n\n';

function open(server: LoopbackServer, settings: ProviderSettings = {}): TestProvider {
  return testProvider({ baseUrl: server.url, settings });
}

function delta(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

interface Flood extends LoopbackServer {
  /** Bytes that the server could write so far. */
  readonly written: () => number;
}

/** Writes a stream of `megabytes` as fast as anybody takes it. */
async function startFlood(megabytes: number): Promise<Flood> {
  const event = Buffer.from(delta('x'.repeat(16_000)));
  const all = Math.ceil((megabytes << 20) / event.length);
  let events = 0;
  const server = await startHttpServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const flood = (): void => {
      while (events < all) {
        events++;
        if (!response.write(event)) return;
      }
      response.end(DONE);
    };
    response.on('drain', flood);
    flood();
  });
  return { ...server, written: () => events * event.length };
}

describe('back-pressure', () => {
  it('pauses a provider that is quicker than the caller, and lets it go on', async () => {
    await using server = await startFlood(64);
    await using provider = open(server);
    const exchange = provider.send(aCall(), TARGET);
    expect(await exchange.next()).toEqual({ type: 'start' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    const written = server.written();
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What the exchange holds, and the two socket buffers: it stands still.
    expect(server.written()).toBe(written);
    expect(written).toBeLessThan(32 << 20);
    const events = await pullAll(exchange);
    expect(wireOf(events).length).toBe(server.written());
    expect(server.written()).toBeGreaterThanOrEqual(64 << 20);
  });

  it('does not take the time in which nobody pulls for silence of the provider', async () => {
    await using server = await startFlood(16);
    await using provider = open(server, silence(300));
    const exchange = provider.send(aCall(), TARGET);
    await exchange.next();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(server.written()).toBeLessThan(16 << 20);
    expect(wireOf(await pullAll(exchange)).length).toBe(server.written());
  });

  it('can be aborted while paused', async () => {
    await using server = await startFlood(64);
    await using provider = open(server);
    const exchange = provider.send(aCall(), TARGET);
    await exchange.next();
    await until(() => server.written() > 2 << 20);
    exchange.abort(LEFT);
    await expect(pullAll(exchange)).rejects.toBe(LEFT);
    await until(() => server.sockets.size === 0);
  });
});

describe('interrupt', () => {
  it('frees who waits and leaves the request under way: somebody else pulls the rest', async () => {
    let goOn = (): void => undefined;
    await using server = await startHttpServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(delta('first'));
      goOn = () => response.end(delta('second') + DONE);
    });
    await using provider = open(server);
    const exchange = provider.send(aCall(), TARGET);
    await exchange.next();
    expect(await exchange.next()).toMatchObject({ type: 'delta' });
    const waiting = exchange.next();
    exchange.interrupt(LEFT);
    await expect(waiting).rejects.toBe(LEFT);
    expect(server.sockets.size).toBe(1);
    goOn();
    expect(wireOf(await pullAll(exchange))).toBe(delta('second'));
  });
});

describe('abort', () => {
  it('ends the request, so that the provider stops to generate', async () => {
    await using server = await startHttpServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(delta('first'));
    });
    await using provider = open(server);
    const exchange = provider.send(aCall(), TARGET);
    await exchange.next();
    await exchange.next();
    const waiting = exchange.next();
    exchange.abort(LEFT);
    await expect(waiting).rejects.toBe(LEFT);
    await until(() => server.sockets.size === 0);
    await expect(exchange.next()).rejects.toBe(LEFT);
    expect(exchange.sent).toBe(true);
  });

  it('before the connection is there sends nothing at all', async () => {
    const heard: string[] = [];
    await using server = await startRawServer((socket) => void heard.push(String(socket.remotePort)));
    await using provider = open(server);
    const exchange = provider.send(aCall(), TARGET);
    exchange.abort(LEFT);
    await expect(exchange.next()).rejects.toBe(LEFT);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).toEqual([]);
    expect(exchange.sent).toBe(false);
  });

  it('is a no-op when the answer is whole, which keeps its connection', async () => {
    let calls = 0;
    await using server = await startHttpServer((_, response) => {
      calls++;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(delta('all') + DONE);
    });
    await using provider = open(server);
    const first = provider.send(aCall(), TARGET);
    await pullAll(first);
    first.abort(LEFT);
    // undici takes a connection again in the next turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(wireOf(await pullAll(provider.send(aCall(), TARGET)))).toBe(delta('all'));
    expect(calls).toBe(2);
    expect(server.sockets.size).toBe(1);
  });
});
