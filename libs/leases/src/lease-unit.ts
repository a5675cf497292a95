/**
 * What a limit counts. Money and tokens are reserved by their upper bound and settled; requests are spent at once; calls
 * are held while they are under way and given back whole.
 */
export const LEASE_UNITS = ['pico-dollars', 'requests', 'tokens', 'calls'] as const;

export type LeaseUnit = (typeof LEASE_UNITS)[number];
