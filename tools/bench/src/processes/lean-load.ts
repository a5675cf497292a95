import { Pool } from 'undici';
import { leanCall } from '../load/lean-call.js';
import type { LoadGenerator } from './load-result.js';

/** Load from this process, where there is no wrk. */
export const leanLoad: LoadGenerator = async ({ url, request, connections, seconds }, signal) => {
  const pool = new Pool(url, { connections });
  let calls = 0;
  let failed = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < endsAt && !signal.aborted) {
      const status = await leanCall(pool, request).catch(() => 0);
      calls++;
      if (status !== 200) failed++;
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, caller));
    signal.throwIfAborted();
    return { calls, failed, rate: (calls * 1000) / (performance.now() - startedAt) };
  } finally {
    await pool.destroy();
  }
};
