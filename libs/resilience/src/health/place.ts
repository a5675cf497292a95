import type { Bulkhead } from './bulkhead.js';
import type { AttemptOutcome, ModelHealth } from './model-health.js';
import type { UnderWayEntry } from './under-way.js';

/** A place at a provider for one attempt: given back once, with what the attempt came to. */
export class Place implements UnderWayEntry {
  beganAs = 0;
  place = -1;
  #isTaken = true;

  constructor(
    private readonly bulkhead: Bulkhead,
    private readonly health: ModelHealth,
    private isProbe: boolean,
  ) {
    health.began(this);
  }

  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** Content has come. A probe has proved enough: others need not wait for the end of its stream. */
  answered(): void {
    if (!this.isProbe) return;
    this.isProbe = false;
    this.health.proved();
  }

  /** @param restMs how long the provider asked to be left alone, if it did */
  leave(outcome: AttemptOutcome, restMs = 0): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.bulkhead.leave();
    this.health.ended(this, outcome, this.isProbe);
    if (restMs > 0) this.health.coolFor(restMs);
  }
}
