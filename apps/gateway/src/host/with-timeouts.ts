import type { ProviderConfig } from '@parsimony/providers';
import type { Reliability } from '@parsimony/tenancy';

/** A provider that is given up as early as the tenant wants, and never later than the provider's own settings say. */
export function withTimeouts(config: ProviderConfig, wanted: Reliability['timeouts']): ProviderConfig {
  const { timeouts = {} } = config.settings;
  const firstByteMs = sooner(timeouts.firstByteMs, wanted.firstByteMs);
  const betweenBytesMs = sooner(timeouts.betweenBytesMs, wanted.betweenBytesMs);
  return {
    ...config,
    settings: {
      ...config.settings,
      timeouts: {
        ...timeouts,
        ...(firstByteMs !== undefined && { firstByteMs }),
        ...(betweenBytesMs !== undefined && { betweenBytesMs }),
      },
    },
  };
}

function sooner(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
