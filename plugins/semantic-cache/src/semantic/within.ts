/** A look-up took longer than a call may wait for it. */
export class LookupTooSlow extends Error {
  constructor(readonly milliseconds: number) {
    super(`the look-up took more than ${milliseconds} ms`);
  }
}

/**
 * Waits for work at most so long, and no longer than its caller does.
 *
 * @param work is given a signal that fires when nobody waits any more.
 * @throws LookupTooSlow, the reason of the caller's signal, what the work throws.
 */
export async function within<Result>(
  milliseconds: number,
  caller: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  caller.throwIfAborted();
  const given = new AbortController();
  const { promise: over, reject } = Promise.withResolvers<never>();
  over.catch(() => undefined);
  const end = (reason: unknown): void => {
    reject(reason);
    given.abort(reason);
  };
  const left = (): void => end(caller.reason);
  const timer = setTimeout(() => end(new LookupTooSlow(milliseconds)), milliseconds);
  caller.addEventListener('abort', left, { once: true });
  try {
    return await Promise.race([work(given.signal), over]);
  } finally {
    clearTimeout(timer);
    caller.removeEventListener('abort', left);
  }
}
