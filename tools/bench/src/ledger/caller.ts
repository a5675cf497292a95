import type { Pool } from 'undici';
import type { PlannedCall } from './planned-call.js';

export interface CallResult {
  /** What the gateway called it; undefined where the caller left before the answer began. */
  readonly id: string | undefined;
  readonly status: number | undefined;
  readonly left: boolean;
}

/**
 * Makes one call and reads its answer, or leaves in the middle.
 *
 * @throws Error where the connection breaks though the caller stays.
 */
export async function call(pool: Pool, key: string, planned: PlannedCall): Promise<CallResult> {
  const leaving = new AbortController();
  const { body, leaveAfterMs } = planned;
  const timer = leaveAfterMs === undefined ? undefined : setTimeout(() => leaving.abort(), leaveAfterMs);
  let id: string | undefined;
  let status: number | undefined;
  try {
    const response = await pool.request({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      signal: leaving.signal,
    });
    status = response.statusCode;
    id = String(response.headers['x-parsimony-request-id'] ?? '') || undefined;
    await response.body.arrayBuffer();
    return { id, status, left: false };
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    return { id, status, left: true };
  } finally {
    clearTimeout(timer);
  }
}
