import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults/fault.js';
import type { Settings } from './settings.js';

/** Waits, but not past the abortion of `signal`. The wait alone keeps no process alive. */
export async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal?.aborted) return;
  try {
    await sleep(milliseconds, undefined, { ref: false, ...(signal && { signal }) });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

/** Milliseconds before the first byte of an answer. */
export function firstByteDelay(settings: Settings, fault: Fault | null): number {
  return settings.latencyMs + (fault === 'slow' ? settings.slowMs : 0);
}

/** Milliseconds that so many tokens take to generate. */
export function generationTime(tokens: number, tokensPerSecond: number): number {
  return tokensPerSecond > 0 ? (tokens / tokensPerSecond) * 1000 : 0;
}
