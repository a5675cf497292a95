import type { ProviderConfig } from '@parsimony/providers';

/** The simulator as two providers: it speaks the protocols of both. */
export function simulatedProviders(url: string): ProviderConfig[] {
  const shared = { credential: { type: 'key', key: 'sk-simulated' }, settings: {}, trusted: true } as const;
  return [
    { name: 'openai', kind: 'openai', baseUrl: `${url}/v1`, ...shared },
    { name: 'anthropic', kind: 'anthropic', baseUrl: url, ...shared },
  ];
}
