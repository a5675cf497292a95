import { chosenParts } from '../report/chosen-parts.js';

const PARTS = ['exact', 'semantic', 'store', 'tenants', 'flight', 'savings'] as const;

/** One measurement of several that can be run alone. */
export type Part = (typeof PARTS)[number];

/**
 * @param only names with commas between them; undefined: all.
 * @param withHarness `exact` is measured side by side with a peer of the harness, so it is left out without one.
 * @throws Error that names what is unknown, or what cannot be measured.
 */
export function partsOf(only: string | undefined, withHarness: boolean): readonly Part[] {
  const chosen = chosenParts(PARTS, only);
  if (withHarness || !chosen.includes('exact')) return chosen;
  if (only !== undefined) throw new Error('exact: --harness DIR is missing: a folder with bench.mjs');
  return chosen.filter((part) => part !== 'exact');
}
