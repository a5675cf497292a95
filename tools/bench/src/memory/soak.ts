import { Pool } from 'undici';
import { chatRequest } from '../load/chat-request.js';
import { concurrently } from '../load/concurrently.js';
import { leanCall } from '../load/lean-call.js';
import type { Point } from '../statistics/least-squares.js';

export interface SoakOptions {
  readonly url: string;
  readonly key: string;
  readonly calls: number;
  readonly concurrency: number;
  /** Part of the calls that stream, 0 to 1. */
  readonly streams: number;
  readonly sampleEvery: number;
  /** Resident memory now, in MiB. */
  readonly sample: () => number;
  readonly onSample: (point: Point) => void;
}

/**
 * Sends calls and samples memory in between.
 *
 * @throws Error at the first answer that is not 200: a gateway that refuses needs no memory.
 */
export async function soak(options: SoakOptions, signal: AbortSignal): Promise<Point[]> {
  const { url, key, calls, concurrency, streams, sampleEvery, sample, onSample } = options;
  const whole = chatRequest(key, false);
  const streamed = chatRequest(key, true);
  const points: Point[] = [];
  let done = 0;
  const pool = new Pool(url, { connections: concurrency });
  try {
    await concurrently(numbers(calls), concurrency, signal, async (index) => {
      // Spread evenly: the n-th call streams where its share fills up one more whole.
      const stream = Math.floor((index + 1) * streams) > Math.floor(index * streams);
      const status = await leanCall(pool, stream ? streamed : whole);
      if (status !== 200) throw new Error(`after ${done} calls the gateway answered ${status}`);
      if (++done % sampleEvery > 0) return;
      const point = { x: done, y: sample() };
      points.push(point);
      onSample(point);
    });
  } finally {
    await pool.destroy();
  }
  return points;
}

function* numbers(count: number): Generator<number> {
  for (let number = 0; number < count; number++) yield number;
}
