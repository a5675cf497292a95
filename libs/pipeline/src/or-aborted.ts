/**
 * Waits for something, but no longer than until the signal fires.
 *
 * @throws the signal's reason where it fires first, or what `other` rejects with.
 */
export async function orAborted<Result>(other: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([other, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
