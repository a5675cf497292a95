import { chosenParts } from '../report/chosen-parts.js';

const PARTS = ['kills', 'share', 'first-refusal', 'hot-path', 'throughput', 'restart', 'model'] as const;

/** One measurement of several that can be run alone. */
export type Part = (typeof PARTS)[number];

/** @param only names with commas between them; undefined: all. @throws Error that names what is unknown. */
export function partsOf(only: string | undefined): readonly Part[] {
  return chosenParts(PARTS, only);
}
