import { setTimeout as delay } from 'node:timers/promises';

/**
 * Begins work at a steady rate, whether what was begun before has ended or not: callers of a gateway do not wait for each
 * other, and a measurement in which they did would leave out the waiting.
 *
 * @param perSecond how many begin in a second.
 * @throws the first error of `work`; AbortError at the signal.
 */
export async function atRate<Item>(
  items: readonly Item[],
  perSecond: number,
  signal: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const failures: unknown[] = [];
  const underWay: Promise<void>[] = [];
  for (const [index, item] of items.entries()) {
    const wait = startedAt + (1_000 * index) / perSecond - performance.now();
    if (wait > 0) await delay(wait, undefined, { signal });
    signal.throwIfAborted();
    if (failures.length > 0) break;
    // Caught here: it may fail long before anybody waits for it.
    underWay.push(work(item).catch((error: unknown) => void failures.push(error)));
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}
