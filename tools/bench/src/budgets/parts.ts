const PARTS = ['kills', 'share', 'first-refusal', 'hot-path', 'throughput', 'restart', 'model'] as const;

/** One measurement of several that can be run alone. */
export type Part = (typeof PARTS)[number];

/** @param only names with commas between them; undefined: all. @throws Error that names what is unknown. */
export function partsOf(only: string | undefined): readonly Part[] {
  if (only === undefined) return PARTS;
  return only.split(',').map((name) => {
    const part = PARTS.find((known) => known === name.trim());
    if (part === undefined) throw new Error(`--only: there is no '${name}'; there are ${PARTS.join(', ')}`);
    return part;
  });
}
