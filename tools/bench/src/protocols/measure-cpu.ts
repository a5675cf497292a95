import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { completeCall } from '../load/complete-call.js';
import { concurrently } from '../load/concurrently.js';
import { cpuSeconds } from '../system/cpu-time.js';
import type { Variant } from './variant.js';

/** The gateway writes to its database twice a second; what a call costs there belongs to it. */
const FLUSHED_AFTER_MS = 700;
const MICROSECONDS = 1e6;

/** One variant in one round. */
export interface Sample {
  readonly variant: Variant;
  readonly round: number;
  /** CPU of the gateway per call, in microseconds. */
  readonly cpu: number;
  readonly failed: number;
}

export interface MeasureOptions {
  readonly url: string;
  readonly pid: number;
  readonly rounds: number;
  /** Calls of a variant in a round. */
  readonly calls: number;
  /** Calls of each variant before the first round. */
  readonly warmup: number;
  readonly concurrency: number;
}

/**
 * Runs all variants in turn, round after round, so that neighbours are compared and the drift of the machine cancels out.
 * Which goes first alternates.
 *
 * @throws AbortError at the signal.
 */
export async function measureCpu(
  variants: readonly Variant[],
  options: MeasureOptions,
  signal: AbortSignal,
): Promise<Sample[]> {
  const { url, pid, rounds, calls, warmup, concurrency } = options;
  const pool = new Pool(url, { connections: concurrency });
  const run = async ({ request, ending }: Variant, count: number): Promise<number> => {
    let failed = 0;
    await concurrently(Array.from({ length: count }), concurrency, signal, async () => {
      if (!(await completeCall(pool, request, ending))) failed++;
    });
    await delay(FLUSHED_AFTER_MS, undefined, { signal });
    return failed;
  };
  try {
    for (const variant of variants) await run(variant, warmup);
    const samples: Sample[] = [];
    for (let round = 0; round < rounds; round++)
      for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
        const before = cpuSeconds([pid]);
        const failed = await run(variant, calls);
        const cpu = ((cpuSeconds([pid]) - before) * MICROSECONDS) / calls;
        samples.push({ variant, round, cpu, failed });
      }
    return samples;
  } finally {
    await pool.destroy();
  }
}
