import type { Parameters } from 'fast-check';

/** A few hundred in an ordinary run; `PARSIMONY_FUZZ_CASES=100000` for a long one. */
const CASES = Number(process.env['PARSIMONY_FUZZ_CASES'] ?? 300);

/** How often fast-check tries a property. */
export const FUZZ: Parameters<unknown> = { numRuns: CASES };

/** Time for a property, in milliseconds: generous, since two cores may be shared by many. */
export const FUZZ_TIMEOUT_MS = 20_000 + CASES * 20;
