import { vi } from 'vitest';

/** Waits until an expectation holds. */
export function eventually(expectation: () => Promise<unknown>): Promise<unknown> {
  return vi.waitFor(expectation, { timeout: 10_000, interval: 20 });
}
