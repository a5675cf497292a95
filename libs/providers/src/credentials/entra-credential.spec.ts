import { AddressNotAllowed, CallCancelled, ProviderRefused, ProviderUnreachable } from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aTarget, aTranscriptionCall } from '../../test/calls.js';
import { startHttpServer, type LoopbackServer } from '../../test/loopback-server.js';
import { pullAll, until } from '../../test/pull.js';
import { testProvider, type TestProvider } from '../../test/test-provider.js';
import { CLIENT, startTokenServer, type TokenServer } from '../../test/token-server.js';
import type { EntraClient, ProviderConfig } from '../config/provider-config.js';

const CHAT = aCall({ stream: false, body: { model: 'm', messages: [] } });

let azure: LoopbackServer;
let entra: TokenServer;
let heard: (string | undefined)[];

beforeEach(async () => {
  heard = [];
  entra = await startTokenServer();
  azure = await startHttpServer((request, response) => {
    heard.push(request.headers.authorization);
    response.end('{}');
  });
});
afterEach(() => Promise.all([azure[Symbol.asyncDispose](), entra[Symbol.asyncDispose]()]));

function open(client: Partial<EntraClient> = {}, changes: Partial<ProviderConfig> = {}): TestProvider {
  const credential: EntraClient = { type: 'entra', ...CLIENT, authority: entra.origin, ...client };
  return testProvider({ name: 'azure', kind: 'azure', baseUrl: azure.url, credential, ...changes });
}

function call(provider: TestProvider): Promise<unknown> {
  return pullAll(provider.send(CHAT, aTarget('m')));
}

describe('a token', () => {
  it('is asked for at the first call, for the scope of Azure OpenAI, and then kept', async () => {
    await using provider = open();
    expect(entra.asked).toHaveLength(0);
    for (let round = 0; round < 5; round++) await call(provider);
    expect(entra.asked).toHaveLength(1);
    expect(entra.asked[0]?.get('scope')).toBe('https://cognitiveservices.azure.com/.default');
    expect(new Set(heard)).toEqual(new Set(['Bearer token-1']));
  });

  it('is asked for once, however many calls wait for it', async () => {
    await using provider = open();
    await Promise.all(Array.from({ length: 20 }, () => call(provider)));
    expect(entra.asked).toHaveLength(1);
    expect(heard).toHaveLength(20);
  });

  it('stands in a form too', async () => {
    await using provider = open();
    await pullAll(provider.send(aTranscriptionCall({}), aTarget('whisper-1')));
    expect(heard).toEqual(['Bearer token-1']);
  });

  it('is renewed beside the calls when most of its life is over, and none waits', async () => {
    entra.life = 1;
    await using provider = open();
    await call(provider);
    await new Promise((resolve) => setTimeout(resolve, 850));
    entra.life = 3600;
    await call(provider);
    expect(heard).toEqual(['Bearer token-1', 'Bearer token-1']);
    await until(() => entra.asked.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await call(provider);
    expect(heard.at(-1)).toBe('Bearer token-2');
    expect(entra.asked).toHaveLength(2);
  });

  it('serves on while its renewal fails', async () => {
    entra.life = 1;
    await using provider = open();
    await call(provider);
    entra.behaviour = 'fail';
    await new Promise((resolve) => setTimeout(resolve, 820));
    await call(provider);
    await until(() => entra.asked.length === 2);
    expect(heard).toEqual(['Bearer token-1', 'Bearer token-1']);
  });

  it('is not sent when it is about to expire', async () => {
    entra.life = 1;
    await using provider = open();
    await call(provider);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await call(provider);
    expect(heard).toEqual(['Bearer token-1', 'Bearer token-2']);
  });
});

describe('a token that is not given', () => {
  it('is ProviderRefused where the client is not known, without its secret', async () => {
    await using provider = open({ clientSecret: 'wrong' });
    const exchange = provider.send(CHAT, aTarget('m'));
    const failed = exchange.next();
    await expect(failed).rejects.toBeInstanceOf(ProviderRefused);
    await expect(failed).rejects.toThrow('invalid_client');
    await expect(failed).rejects.not.toThrow(CLIENT.clientSecret);
    expect(exchange.sent).toBe(false);
    expect(heard).toEqual([]);
  });

  it.each(['garbage', 'fail', 'throttle'] as const)(
    'is ProviderUnreachable where the server answers with %s, and is asked for again a second later',
    async (behaviour) => {
      entra.behaviour = behaviour;
      await using provider = open();
      for (let round = 0; round < 5; round++) await expect(call(provider)).rejects.toBeInstanceOf(ProviderUnreachable);
      expect(entra.asked).toHaveLength(1);
      entra.behaviour = 'grant';
      await new Promise((resolve) => setTimeout(resolve, 1010));
      await call(provider);
      expect(heard).toEqual(['Bearer token-2']);
    },
  );

  it('is ProviderUnreachable where nobody answers', async () => {
    await entra[Symbol.asyncDispose]();
    await using provider = open();
    await expect(call(provider)).rejects.toBeInstanceOf(ProviderUnreachable);
  });

  it('does not send the call of a caller who has left meanwhile', async () => {
    await using provider = open();
    const exchange = provider.send(CHAT, aTarget('m'));
    const left = new CallCancelled('the caller has left');
    exchange.abort(left);
    await expect(exchange.next()).rejects.toBe(left);
    await call(provider);
    expect(heard).toHaveLength(1);
    expect(exchange.sent).toBe(false);
  });
});

describe("a tenant's own authority", () => {
  const TENANTS = { trusted: false, baseUrl: 'https://198.51.99.1' };

  it('may not lead inside', async () => {
    await using provider = open({ authority: `https://127.0.0.1:${entra.port}` }, TENANTS);
    await expect(call(provider)).rejects.toBeInstanceOf(AddressNotAllowed);
    expect(entra.asked).toHaveLength(0);
  });

  it('does not get a secret over plain HTTP', async () => {
    await using provider = open({ authority: 'http://198.51.99.1' }, TENANTS);
    await expect(call(provider)).rejects.toBeInstanceOf(ProviderUnreachable);
  });
});
