/** A tenant's configuration with the cache on. */
export function cacheDocument(config: Readonly<Record<string, unknown>> = {}): object {
  return {
    tiers: { economy: ['openai/gpt-4.1-mini'] },
    plugins: [{ use: 'semantic-cache', config }],
  };
}

/** What the load asks; one that does not reason, so that a call is quickly over. */
export const MODEL = 'openai/gpt-4.1-mini';
