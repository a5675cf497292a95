/** What can go wrong on demand. */
export const FAULTS = ['rate_limit', 'server_error', 'timeout', 'slow', 'cut', 'garbage', 'reset'] as const;

export type Fault = (typeof FAULTS)[number];

export function isFault(value: unknown): value is Fault {
  return (FAULTS as readonly unknown[]).includes(value);
}
