import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { GraphqlGateway, until } from '../../../test/graphql-gateway.js';

const STREAM = `subscription { completeStream(input: {
  model: "economy", messages: [{ role: "user", content: "hello" }] }) { text completion { finishReason } } }`;

async function withTenant(): Promise<{ gateway: GraphqlGateway; key: string }> {
  const gateway = await GraphqlGateway.start();
  const { id } = await gateway.createTenant('acme');
  const { secret } = await gateway.createKey(id, 'MEMBER');
  return { gateway, key: secret };
}

/** A websocket that has been welcomed. */
async function connected(gateway: GraphqlGateway, key: string): Promise<WebSocket> {
  const socket = new WebSocket(`${gateway.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }));
  const [{ data }] = (await once(socket, 'message')) as [{ readonly data: string }];
  expect(JSON.parse(data)).toEqual({ type: 'connection_ack' });
  return socket;
}

const closing = async (socket: WebSocket): Promise<number> => ((await once(socket, 'close')) as [CloseEvent])[0].code;

describe('when the gateway stops', () => {
  test('answers under way reach their end, and idle connections are closed', async () => {
    const { gateway, key } = await withTenant();
    gateway.simulator.configure({ tokensPerSecond: 100, answerTokens: { min: 60, max: 60 } });
    const idle = closing(await connected(gateway, key));
    const client = gateway.subscriber({ authorization: `Bearer ${key}` });
    const parts = Array.fromAsync(client.iterate<{ completeStream: { completion: object | null } }>({ query: STREAM }));
    await until(() => gateway.core.runner.callsUnderWay === 1, 'the call is under way');
    const stopped = gateway.gateway.stop(5_000);
    const last = (await parts).at(-1);
    expect(last?.errors).toBeUndefined();
    expect(last?.data?.completeStream.completion).toEqual({ finishReason: 'stop' });
    await stopped;
    expect(await idle).toBe(1001);
    await gateway.release();
  });

  test('answers that take too long are cancelled', async () => {
    const { gateway, key } = await withTenant();
    gateway.simulator.configure({ latencyMs: 30_000 });
    const client = gateway.subscriber({ authorization: `Bearer ${key}` });
    const ended = Array.fromAsync(client.iterate({ query: STREAM })).catch((error: unknown) => error);
    await until(() => gateway.core.runner.callsUnderWay === 1, 'the call is under way');
    const began = performance.now();
    await gateway.gateway.stop(100);
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(await ended).toBeDefined();
    await gateway.release();
  });
});

describe('a connection', () => {
  test('is bounded in the size of its messages, and welcomed once', async () => {
    const { gateway, key } = await withTenant();
    const large = await connected(gateway, key);
    large.send(JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(1 << 20) } }));
    expect(await closing(large)).toBe(1009);
    const twice = await connected(gateway, key);
    twice.send(JSON.stringify({ type: 'connection_init' }));
    expect(await closing(twice)).toBe(4429);
    await gateway[Symbol.asyncDispose]();
  });

  test('is had on the path of the queries only', async () => {
    await using gateway = await GraphqlGateway.start();
    const headers = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
    };
    const asked = request(`${gateway.gateway.url}/graphql-of-another`, { headers }).end();
    const [{ statusCode }] = (await once(asked, 'response')) as [{ statusCode: number }];
    expect(statusCode).toBe(404);
  });
});
