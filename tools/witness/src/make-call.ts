import type { Dispatcher } from 'undici';
import type { PlannedCall } from './planned-call.js';
import { errorCodeOf, verdictOf, type Verdict } from './verdict.js';

/** One gateway, with the connections to it. */
export interface Target {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
}

export interface CallOutcome {
  readonly verdict: Verdict;
  /** Status and code, such as `402 budget_exceeded`, or why there is no status. */
  readonly reason: string;
  /** The gateway says that it let the answer have fewer tokens than the call asked for. */
  readonly cut: boolean;
  /** What `retry-after` asks for, in milliseconds; undefined: nothing. */
  readonly retryAfterMs: number | undefined;
}

const CUT_HEADER = 'x-parsimony-max-tokens';

/**
 * Makes a call and reads its answer to the end. A connection that breaks is an outcome too.
 *
 * @throws the signal's reason where it was aborted.
 */
export async function makeCall(
  { dispatcher, origin, path }: Target,
  key: string,
  { body, stream }: PlannedCall,
  signal: AbortSignal,
): Promise<CallOutcome> {
  try {
    const response = await dispatcher.request({
      origin,
      method: 'POST',
      path,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      signal,
    });
    const { statusCode, headers } = response;
    const text = await response.body.text();
    const verdict = verdictOf(statusCode, stream, text);
    return {
      verdict,
      reason: statusCode === 200 && verdict === 'failed' ? 'stream cut' : `${statusCode} ${errorCodeOf(text)}`.trim(),
      cut: verdict === 'answered' && headers[CUT_HEADER] !== undefined,
      retryAfterMs: milliseconds(headers['retry-after']),
    };
  } catch (error) {
    signal.throwIfAborted();
    const reason = (error as { readonly code?: unknown }).code;
    return {
      verdict: 'failed',
      reason: typeof reason === 'string' ? reason : String(error),
      cut: false,
      retryAfterMs: undefined,
    };
  }
}

/** Seconds, as every gateway sends them; the date of RFC 9110 counts as nothing. */
function milliseconds(retryAfter: string | string[] | undefined): number | undefined {
  const seconds = Number(retryAfter ?? NaN);
  return seconds >= 0 && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
