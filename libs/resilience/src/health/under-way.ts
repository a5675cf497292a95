/** Something that is under way for a while. Only `UnderWay` writes these fields. */
export interface UnderWayEntry {
  /** In the order of beginning. */
  beganAs: number;
  /** Where it stands among those under way; -1 when it is not. */
  place: number;
}

/**
 * What is under way, with each one's place in the order of beginning. Not a `Set`: its tables, churned by every call, would
 * keep calls alive until the next full collection.
 */
export class UnderWay {
  readonly #entries: UnderWayEntry[] = [];
  #begun = 0;

  add(entry: UnderWayEntry): void {
    entry.beganAs = this.#begun++;
    entry.place = this.#entries.push(entry) - 1;
  }

  remove(entry: UnderWayEntry): void {
    const { place } = entry;
    if (place === -1) return;
    entry.place = -1;
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    this.#entries[place] = last;
    last.place = place;
  }

  /** How many of those under way began before this one. Looks at all of them: for failures, which are rare. */
  begunBefore({ beganAs }: UnderWayEntry): number {
    let count = 0;
    for (const entry of this.#entries) if (entry.beganAs < beganAs) count++;
    return count;
  }
}
