import type { CachedTokens } from '../settings.js';

/** Cached tokens of a prompt: a multiple of the step, and never fewer than the smallest prefix that is cached. */
export function cachedShareOf(promptTokens: number, { share, minimum, step }: CachedTokens): number {
  const cached = Math.floor((promptTokens * share) / step) * step;
  return cached < minimum ? 0 : cached;
}
