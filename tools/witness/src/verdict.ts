/**
 * What an answer means. `answered`: paid for. `refused`: the cap is the reason. `busy`: too many calls just now, to be
 * tried again. `failed`: anything else.
 */
export type Verdict = 'answered' | 'refused' | 'busy' | 'failed';

/** Payment Required (RFC 9110, 15.5.3), and what Portkey's error codes list as "Budget exhausted". */
const ALWAYS_REFUSED: readonly number[] = [402, 412];
/** LiteLLM refuses with 400 or 429, OpenAI itself with 429 `insufficient_quota`. */
const REFUSED_IF_SAID: readonly number[] = [400, 403, 429];
const SPEAKS_OF_THE_CAP = /budget|quota/i;
const STREAM_END = 'data: [DONE]';

/** @param body the whole answer; of a stream, all of its events. */
export function verdictOf(status: number, stream: boolean, body: string): Verdict {
  if (status === 200) return !stream || body.includes(STREAM_END) ? 'answered' : 'failed';
  if (ALWAYS_REFUSED.includes(status)) return 'refused';
  if (REFUSED_IF_SAID.includes(status) && SPEAKS_OF_THE_CAP.test(body)) return 'refused';
  return status === 429 ? 'busy' : 'failed';
}

/** The code, or else the type, of an error in OpenAI's shape; empty where there is neither. */
export function errorCodeOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly code?: unknown; readonly type?: unknown } };
    const named = [error?.code, error?.type].filter((name) => typeof name === 'string');
    // LiteLLM repeats the status as code, and has the name in the type.
    return named.find((name) => !/^\d*$/.test(name)) ?? '';
  } catch {
    return '';
  }
}
