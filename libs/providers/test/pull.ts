import type { ProviderEvent, ProviderExchange } from '../src/index.js';

/** Every event up to the finish. Rejects with what the exchange rejects with. */
export async function pullAll(exchange: ProviderExchange): Promise<ProviderEvent[]> {
  const events: ProviderEvent[] = [];
  for (;;) {
    const event = await exchange.next();
    events.push(event);
    if (event.type === 'finish') return events;
  }
}

/** The bytes of the answer that the events carry. */
export function wireOf(events: readonly ProviderEvent[]): string {
  const parts = events.flatMap((event) => ('wire' in event && event.wire ? [event.wire] : []));
  return Buffer.concat(parts).toString('utf8');
}

/** Waits until something is true; fails after five seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it did not come true within five seconds');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
