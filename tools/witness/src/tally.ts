import type { CallOutcome } from './make-call.js';

/** Calls that ended in one way. */
export interface ReasonCount {
  /** Status and code, or what broke. */
  readonly reason: string;
  readonly calls: number;
}

/** Counts what became of calls. */
export class Tally {
  answered = 0;
  cut = 0;
  busy = 0;
  readonly #refused = new Map<string, number>();
  readonly #failed = new Map<string, number>();

  add({ verdict, reason, cut }: CallOutcome): void {
    switch (verdict) {
      case 'answered':
        this.answered++;
        if (cut) this.cut++;
        return;
      case 'busy':
        this.busy++;
        return;
      case 'refused':
        return countIn(this.#refused, reason);
      case 'failed':
        return countIn(this.#failed, reason);
    }
  }

  get refused(): ReasonCount[] {
    return mostFrequentFirst(this.#refused);
  }

  get failed(): ReasonCount[] {
    return mostFrequentFirst(this.#failed);
  }
}

function countIn(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

function mostFrequentFirst(counts: ReadonlyMap<string, number>): ReasonCount[] {
  return Array.from(counts, ([reason, calls]) => ({ reason, calls })).sort((a, b) => b.calls - a.calls);
}
