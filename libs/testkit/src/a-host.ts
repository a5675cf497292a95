import type { Host } from '@parsimony/contract';

/** A host without capabilities, whose log nobody reads. */
export function aHost(): Host {
  const ignore = (): void => undefined;
  return { log: { info: ignore, warn: ignore, error: ignore }, capabilities: {} };
}
