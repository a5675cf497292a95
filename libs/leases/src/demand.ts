/** Over so long the average of the demand is taken. */
const AVERAGED_MS = 5000n;

/** What the calls of this process ask of one limit, as a guess at what they will soon ask. */
export class Demand {
  readonly #horizonMs: bigint;
  #largest = 0n;
  #largestBefore = 0n;
  #largestSince = 0;
  #average = 0n;
  #averagedAt = 0;

  constructor(horizonMs: number, now: number) {
    this.#horizonMs = BigInt(horizonMs);
    this.#largestSince = now;
    this.#averagedAt = now;
  }

  /** Of one call. */
  ask(amount: bigint): void {
    if (amount > this.#largest) this.#largest = amount;
  }

  /** What was spent since this was told before. */
  spend(amount: bigint, now: number): void {
    const elapsed = BigInt(Math.max(1, Math.round(now - this.#averagedAt)));
    this.#averagedAt = now;
    this.#average =
      elapsed < AVERAGED_MS
        ? this.#average - (this.#average * elapsed) / AVERAGED_MS + (amount * this.#horizonMs) / AVERAGED_MS
        : (amount * this.#horizonMs) / elapsed;
    if (now - this.#largestSince < Number(this.#horizonMs)) return;
    this.#largestBefore = this.#largest;
    this.#largest = 0n;
    this.#largestSince = now;
  }

  /** With so much beside what is used, nobody will wait soon: two of the largest calls, or what is spent within the horizon. */
  get ahead(): bigint {
    const two = 2n * (this.#largest > this.#largestBefore ? this.#largest : this.#largestBefore);
    return two > this.#average ? two : this.#average;
  }
}
