/** Something that is on at most one roster. */
export interface RosterEntry {
  /** Where it stands; -1 while it is on none. Only the roster writes it. */
  rosterIndex: number;
}

/**
 * Things that come and go with every call. Not a `Set`: under such churn V8 links each outgrown table of a set to the
 * next, so that once one of them is old, every call since then survives until the next full collection.
 */
export class Roster<Entry extends RosterEntry> {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    if (entry.rosterIndex !== -1) return;
    entry.rosterIndex = this.#entries.length;
    this.#entries.push(entry);
  }

  remove(entry: Entry): void {
    const index = entry.rosterIndex;
    if (index === -1) return;
    entry.rosterIndex = -1;
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    this.#entries[index] = last;
    last.rosterIndex = index;
  }

  all(): readonly Entry[] {
    return [...this.#entries];
  }
}
