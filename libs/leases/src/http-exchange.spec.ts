import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { httpExchange } from './http-exchange.js';
import type { ExchangeRequest, LeaseRequest } from './wire.js';

const ID = '00000000-0000-4000-8000-000000000000';
const LEASE: LeaseRequest = {
  tenantId: ID,
  budgetId: ID,
  unit: 'pico-dollars',
  at: 1,
  claim: 2n ** 90n,
  spent: 0n,
  held: 0n,
  unconfirmed: 0n,
  need: 1n,
  want: 1n,
  uncovered: false,
};
const REQUEST: ExchangeRequest = { holder: ID, sequence: 1, leases: [LEASE] };
const GONE = JSON.stringify({ leases: [{ state: 'gone' }] });

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

describe('an exchange over HTTP', () => {
  it('sends amounts as digits, with the token, and reads them as whole numbers', async () => {
    const lent = {
      state: 'lent',
      leaseId: '7',
      periodStart: 0,
      periodEnd: null,
      granted: '1237940039285380274899124224',
    };
    const answer = { leases: [{ ...lent, limit: '5', remaining: '4', unlent: '0', short: false, lastsMs: 60_000 }] };
    const service = await serve((_, response) => response.end(JSON.stringify(answer)));
    const told = await exchange([`${service.url}/behind/a/path/`])(REQUEST, never());
    expect(told.leases[0]).toMatchObject({ granted: 2n ** 90n, limit: 5n });
    expect(service.received).toEqual([
      {
        url: '/behind/a/path/internal/v1/leases',
        authorization: 'Bearer secret',
        body: {
          ...REQUEST,
          leases: [
            { ...LEASE, claim: String(2n ** 90n), spent: '0', held: '0', unconfirmed: '0', need: '1', want: '1' },
          ],
        },
      },
    ]);
  });

  it.each([
    ['no JSON', '<html>'],
    ['another shape', '{"leases":[{"state":"lent"}]}'],
    ['numbers that JSON would round', GONE.replace('"gone"', '"gone","granted":1e30')],
    ['an answer too few', '{"leases":[]}'],
    ['an answer too many', GONE.replace('[', '[{"state":"gone"},')],
    ['nothing', ''],
  ])('fails where the service answers with %s', async (_, body) => {
    const service = await serve((_request, response) => response.end(body));
    await expect(exchange([service.url])(REQUEST, never())).rejects.toThrow();
  });

  it.each([401, 503])('fails with status %i, and asks the next instance the next time', async (status) => {
    const bad = await serve((_, response) => response.writeHead(status).end(GONE));
    const good = await serve((_, response) => response.end(GONE));
    const ask = exchange([bad.url, good.url]);
    await expect(ask(REQUEST, never())).rejects.toThrow(String(status));
    expect(good.received).toHaveLength(0);
    await ask(REQUEST, never());
    await ask(REQUEST, never());
    expect([bad.received.length, good.received.length]).toEqual([1, 2]);
  });

  it('goes to the next instance at once where there was no connection', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const good = await serve((_, response) => response.end(GONE));
    const ask = exchange([gone.url, good.url]);
    expect(await ask(REQUEST, never())).toEqual({ leases: [{ state: 'gone' }] });
    await expect(exchange([gone.url])(REQUEST, never())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('does not send a request again that may have been heeded', async () => {
    const cut = await serve((request) => request.socket.destroy());
    const good = await serve((_, response) => response.end(GONE));
    await expect(exchange([cut.url, good.url])(REQUEST, never())).rejects.toThrow();
    expect(good.received).toHaveLength(0);
  });

  it('ends with its signal', async () => {
    const silent = await serve(() => undefined);
    await expect(exchange([silent.url])(REQUEST, AbortSignal.timeout(50))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('needs an address', () => {
    expect(() => httpExchange({ urls: [], token: 'secret' })).toThrow(TypeError);
    expect(() => httpExchange({ urls: ['nowhere'], token: 'secret' })).toThrow(TypeError);
  });
});

function exchange(urls: readonly string[]) {
  const http = httpExchange({ urls, token: 'secret' });
  opened.push(() => http.close());
  return http.exchange;
}

function never(): AbortSignal {
  return new AbortController().signal;
}

interface Received {
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { url, headers } = request;
      received.push({ url, authorization: headers.authorization, body: JSON.parse(body) as unknown });
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  opened.push(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close };
}
