import type { LayerScope, Next } from '@parsimony/contract';

/**
 * What a layer gets besides `next` where no guard stands around it.
 *
 * @param next the same as the layer's.
 * @param signal the call's: as behind a guard, no wait outlasts it.
 */
export function aScope(next: Next, signal?: AbortSignal): LayerScope {
  return { detached: next, waitFor: (other) => (signal ? orAborted(other, signal) : other) };
}

async function orAborted<Result>(other: Promise<Result>, signal: AbortSignal): Promise<Result> {
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
