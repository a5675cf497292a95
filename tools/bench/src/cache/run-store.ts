import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginLog } from '@parsimony/contract';
import { openVectors } from '@parsimony/vectors';
import { crossTenantFuzz, type CrossTenantFuzzResult } from '@parsimony/vectors/testing';

export interface StoreOptions {
  readonly tenants: number;
  /** Of each tenant. */
  readonly entries: number;
  readonly lookUps: number;
  readonly seed: number;
  /** A Qdrant server in place of the embedded store. */
  readonly qdrantUrl: string | undefined;
}

const LOG: PluginLog = { info: () => undefined, warn: console.warn, error: console.error };

/** Asks a store of vectors for what it must not give: vectors of other tenants, in their scopes. @throws AbortError at the signal. */
export async function runStore(
  { qdrantUrl, ...options }: StoreOptions,
  signal: AbortSignal,
): Promise<CrossTenantFuzzResult> {
  const folder = await mkdtemp(join(tmpdir(), 'parsimony-store-'));
  try {
    await using vectors = await openVectors({ url: qdrantUrl, folder, log: LOG });
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    // A closed store ends what is still asked of it.
    return await Promise.race([crossTenantFuzz(vectors, options), aborted]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
