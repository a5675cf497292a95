import type { Usage } from '@parsimony/contract';

/** All that was read, as the conventions count it: what was cached is among it. */
export function inputTokens(usage: Usage): number {
  return usage.input + usage.cachedInput + usage.cacheWrite + usage.cacheWriteLong + usage.inputAudio;
}

/** All that was generated, hidden reasoning among it. */
export function outputTokens(usage: Usage): number {
  return usage.output + usage.reasoning + usage.outputAudio;
}
