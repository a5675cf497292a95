import type { Dispatcher, Pool } from 'undici';
import type { LeanRequest } from './lean-call.js';

/** As long as the last event of an answer, which may repeat all of its text. */
const TAIL_BYTES = 4096;

/**
 * Makes a call and looks at no more than its status and its last bytes, which tell a whole answer from one that broke
 * off: a stream has its status long before it fails.
 *
 * @param ending what stands near the end of a whole answer, and nowhere else.
 * @returns whether the answer is a 200 that came to its end.
 */
export function completeCall(pool: Pool, request: LeanRequest, ending: string): Promise<boolean> {
  return new Promise((resolve) => {
    let status = 0;
    let tail: Buffer = Buffer.alloc(0);
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode) => {
        status = statusCode;
      },
      onResponseData: (_controller, chunk) => {
        tail = chunk.length >= TAIL_BYTES ? chunk : Buffer.concat([tail.subarray(-TAIL_BYTES), chunk]);
      },
      onResponseEnd: () => resolve(status === 200 && tail.includes(ending, Math.max(0, tail.length - TAIL_BYTES))),
      onResponseError: () => resolve(false),
    };
    pool.dispatch({ ...request, method: 'POST' }, handler);
  });
}
