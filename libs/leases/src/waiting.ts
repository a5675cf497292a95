/** What the calls that wait for one lease ask of it. */
export class Waiting {
  readonly #amounts: bigint[] = [];
  #sum = 0n;
  /** For so many of them, the smallest, is asked at once where there is not enough for all. */
  #batch = Infinity;
  #asked = 0;

  get sum(): bigint {
    return this.#sum;
  }

  add(amount: bigint): void {
    this.#amounts.push(amount);
    this.#sum += amount;
  }

  clear(): void {
    this.#amounts.length = 0;
    this.#sum = 0n;
  }

  /** @returns what to ask for where others wait too: a need is met whole or not at all. */
  ask(isShort: boolean): bigint {
    this.#asked = Math.min(isShort ? this.#batch : Infinity, this.#amounts.length);
    if (this.#asked === this.#amounts.length) return this.#sum;
    const smallest = this.#amounts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).slice(0, this.#asked);
    return smallest.reduce((sum, amount) => sum + amount, 0n);
  }

  /** @returns whether to ask again at once: for others that wait, or for fewer. */
  heed(isMet: boolean): boolean {
    if (this.#asked === 0) return false;
    this.#batch = isMet ? this.#asked * 2 : Math.max(1, Math.floor(this.#asked / 4));
    return isMet ? this.#asked < this.#amounts.length : this.#asked > 1;
  }
}
