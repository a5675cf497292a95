import type { Pool } from 'undici';
import type { PlannedCall } from './planned-call.js';

/**
 * What a caller got. `answered`: a whole answer. `broken-off`: a stream that had begun and ended with an error event;
 * what has left cannot be taken back. `failed`: anything else.
 */
export type Outcome = 'answered' | 'broken-off' | 'failed';

export interface CallResult {
  readonly outcome: Outcome;
  readonly stream: boolean;
  readonly latencyMs: number;
  /** What came in place of an answer, shortened. */
  readonly problem: string | undefined;
}

const SHOWN_CHARACTERS = 300;
const STREAM_END = 'data: [DONE]\n\n';

/** Makes one call and reads its answer. A connection that breaks is a result too: `failed`. */
export async function call(
  pool: Pool,
  key: string,
  { body, stream, closes = false }: PlannedCall,
): Promise<CallResult> {
  const startedAt = performance.now();
  const result = (outcome: Outcome, problem?: string): CallResult => ({
    outcome,
    stream,
    latencyMs: performance.now() - startedAt,
    problem: problem?.slice(-SHOWN_CHARACTERS),
  });
  try {
    const response = await pool.request({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      reset: closes,
    });
    const text = await response.body.text();
    const outcome = outcomeOf(response.statusCode, stream, text);
    return outcome === 'answered' ? result(outcome) : result(outcome, `${response.statusCode} ${text}`);
  } catch (error) {
    return result('failed', String(error));
  }
}

export function outcomeOf(status: number, stream: boolean, text: string): Outcome {
  if (status !== 200) return 'failed';
  if (!stream) return text.includes('"finish_reason"') && text.endsWith('}') ? 'answered' : 'failed';
  if (text.endsWith(STREAM_END)) return text.includes('"content"') ? 'answered' : 'failed';
  return text.includes('"content"') && text.includes('"error"') ? 'broken-off' : 'failed';
}
