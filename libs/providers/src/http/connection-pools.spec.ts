import type { LookupFunction } from 'node:net';
import { AddressNotAllowed, ProviderRefused, ProviderTimeout } from '@parsimony/contract';
import { AddressGuard } from '@parsimony/network';
import { aCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { aTarget } from '../../test/calls.js';
import { EVENT_STREAM_HEAD, httpChunk, startHttpServer, startRawServer } from '../../test/loopback-server.js';
import { pullAll, until } from '../../test/pull.js';
import { testProvider } from '../../test/test-provider.js';
import { createProvider } from '../create-provider.js';
import type { ProviderConfig } from '../config/provider-config.js';
import { ConnectionPools } from './connection-pools.js';

const CHAT = aCall({ stream: false, body: { model: 'm', messages: [] } });

function config(baseUrl: string, changes: Partial<ProviderConfig> = {}): ProviderConfig {
  return {
    name: 'sample',
    kind: 'compatible',
    baseUrl,
    credential: { type: 'none' },
    settings: {},
    trusted: true,
    ...changes,
  };
}

describe('ConnectionPools', () => {
  it('lets providers of one origin share their connections, whatever their credentials', async () => {
    await using server = await startHttpServer((_, response) => response.end('{}'));
    await using pools = new ConnectionPools(new AddressGuard());
    for (let tenant = 0; tenant < 50; tenant++) {
      const credential = { type: 'key', key: `key-${tenant}` } as const;
      await pullAll(createProvider(config(server.url, { credential }), pools).send(CHAT, aTarget('m')));
      // undici takes a connection again in the next turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(server.sockets.size).toBe(1);
  });

  it('opens nothing for providers that nobody calls', async () => {
    await using server = await startHttpServer((_, response) => response.end('{}'));
    await using pools = new ConnectionPools(new AddressGuard());
    for (let tenant = 0; tenant < 1000; tenant++) createProvider(config(server.url), pools);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.sockets.size).toBe(0);
  });

  it('keeps apart what waits differently or may reach differently', async () => {
    await using pools = new ConnectionPools(new AddressGuard());
    const at = (changes: object = {}): unknown => pools.open('http://198.51.99.1', { trusted: true, ...changes });
    expect(at()).toBe(at({ timeouts: {} }));
    expect(at()).toBe(at({ connections: 512, timeouts: { firstByteMs: 300_000 } }));
    for (const other of [{ trusted: false }, { connections: 4 }, { timeouts: { betweenBytesMs: 5 } }])
      expect(at(other)).not.toBe(at());
  });

  it('opens as many connections as it is told, and lets calls wait for them', async () => {
    let open = 0;
    let most = 0;
    await using server = await startHttpServer(async (_, response) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 10));
      open--;
      response.end('{}');
    });
    await using provider = testProvider({ baseUrl: server.url, settings: { connections: 2 } });
    await Promise.all(Array.from({ length: 10 }, () => pullAll(provider.send(CHAT, aTarget('m')))));
    expect(most).toBe(2);
  });
});

describe('time-outs of one provider', () => {
  it('tell the wait for the first byte from the silence between bytes', async () => {
    await using server = await startRawServer((socket) => {
      socket.write(EVENT_STREAM_HEAD + httpChunk('data: {"choices":[]}\n\n'));
    });
    const settings = { timeouts: { firstByteMs: 60_000, betweenBytesMs: 200 } };
    await using provider = testProvider({ baseUrl: server.url, settings });
    const failed = pullAll(provider.send(aCall({ body: { model: 'm', messages: [] } }), aTarget('m')));
    await expect(failed).rejects.toThrow('fell silent in the middle');
    await expect(failed).rejects.toBeInstanceOf(ProviderTimeout);
  });

  it('wait long between bytes and shortly for the first', async () => {
    await using server = await startRawServer(() => undefined);
    const settings = { timeouts: { firstByteMs: 200, betweenBytesMs: 60_000 } };
    await using provider = testProvider({ baseUrl: server.url, settings });
    await expect(pullAll(provider.send(CHAT, aTarget('m')))).rejects.toThrow('did not answer in time');
    await until(() => server.sockets.size === 0);
  });
});

describe("a tenant's own provider", () => {
  const rebinding =
    (...answers: readonly string[]): LookupFunction =>
    (_, __, callback) =>
      callback(
        null,
        answers.map((address) => ({ address, family: 4 })),
      );

  it('may not stand at a private address, which is found out before anything is sent', async () => {
    await using server = await startHttpServer((_, response) => response.end('{}'));
    await using provider = testProvider({ baseUrl: server.url, trusted: false });
    expect(() => provider.send(CHAT, aTarget('m'))).toThrow(AddressNotAllowed);
    expect(server.sockets.size).toBe(0);
  });

  it('may stand where the operator allows it', async () => {
    await using server = await startHttpServer((_, response) => response.end('{}'));
    const guard = new AddressGuard({ allow: ['127.0.0.0/8'] });
    await using provider = testProvider({ baseUrl: server.url, trusted: false }, guard);
    expect(await pullAll(provider.send(CHAT, aTarget('m')))).toMatchObject([{ type: 'start' }, {}, { usage: null }]);
  });

  it('may not bear a name that leads inside when it is called (DNS rebinding)', async () => {
    let connections = 0;
    await using server = await startRawServer(() => connections++);
    const baseUrl = `http://rebind.example.org:${server.port}/v1`;
    for (const addresses of [['127.0.0.1'], ['203.0.112.9', '127.0.0.1']]) {
      const guard = new AddressGuard({ resolve: rebinding(...addresses) });
      await using provider = testProvider({ baseUrl, trusted: false }, guard);
      const exchange = provider.send(CHAT, aTarget('m'));
      await expect(exchange.next()).rejects.toBeInstanceOf(AddressNotAllowed);
      expect(exchange.sent).toBe(false);
    }
    expect(connections).toBe(0);
    expect(server.sockets.size).toBe(0);
  });

  it('is told that it is its own credential which is refused', async () => {
    await using server = await startHttpServer((_, response) => response.writeHead(401).end());
    const guard = new AddressGuard({ allow: ['127.0.0.1'] });
    await using own = testProvider({ baseUrl: server.url, trusted: false }, guard);
    await using shared = testProvider({ baseUrl: server.url });
    const ofOwn = pullAll(own.send(CHAT, aTarget('m')));
    await expect(ofOwn).rejects.toBeInstanceOf(ProviderRefused);
    await expect(ofOwn).rejects.toThrow("does not accept the tenant's own credential");
    await expect(pullAll(shared.send(CHAT, aTarget('m')))).rejects.toThrow("does not accept the gateway's credential");
  });
});
