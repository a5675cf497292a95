import type { RateLine, BudgetLine } from './limits-above.js';

type Line = BudgetLine | RateLine;

/** What of some limits holds for a call, by its tags. */
export class TaggedLines<L extends Line, Above> {
  readonly #always: readonly L[];
  /** For calls without a tag that matters, which are most. */
  readonly #untagged: Above;
  /** By tag the lines that hold for its value alone. */
  readonly #tags: readonly { readonly key: string; readonly byValue: ReadonlyMap<string, readonly L[]> }[];

  /** @param tagOf null: the line holds whatever the tags. */
  constructor(
    lines: readonly L[],
    tagOf: (line: L) => { readonly key: string; readonly value: string } | null,
    private readonly aboveOf: (lines: readonly L[]) => Above,
  ) {
    this.#always = lines.filter((line) => tagOf(line) === null);
    this.#untagged = aboveOf(this.#always);
    const tagged = Map.groupBy(lines, (line) => tagOf(line)?.key);
    this.#tags = [...tagged].flatMap(([key, group]) =>
      key === undefined ? [] : [{ key, byValue: Map.groupBy(group, (line) => tagOf(line)?.value ?? '') }],
    );
  }

  find(tags: Readonly<Record<string, string>>): Above {
    let found: readonly L[] | undefined;
    for (const { key, byValue } of this.#tags) {
      const value = tags[key];
      const lines = value === undefined ? undefined : byValue.get(value);
      if (lines) found = [...(found ?? this.#always), ...lines];
    }
    return found ? this.aboveOf(found) : this.#untagged;
  }
}
