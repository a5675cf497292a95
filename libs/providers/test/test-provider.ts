import { AddressGuard } from '@parsimony/network';
import { ConnectionPools, createProvider, type ProviderAdapter, type ProviderConfig } from '../src/index.js';

export interface TestProvider extends ProviderAdapter, AsyncDisposable {}

/** A provider with connection pools of its own: OpenAI, trusted and with a key, unless told otherwise. */
export function testProvider(changes: Partial<ProviderConfig>, guard = new AddressGuard()): TestProvider {
  const pools = new ConnectionPools(guard);
  const provider = createProvider(
    {
      name: 'openai',
      kind: 'openai',
      credential: { type: 'key', key: 'sk-spec' },
      settings: {},
      trusted: true,
      ...changes,
    },
    pools,
  );
  return {
    name: provider.name,
    kind: provider.kind,
    catalogue: provider.catalogue,
    supports: (operation) => provider.supports(operation),
    send: (call, target) => provider.send(call, target),
    [Symbol.asyncDispose]: () => pools[Symbol.asyncDispose](),
  };
}

/** One time-out for every silence, so that undici keeps one timer. */
export function silence(ms: number): ProviderConfig['settings'] {
  return { timeouts: { firstByteMs: ms, betweenBytesMs: ms } };
}
