/** Work is done for this long, in milliseconds, before searches have their turn. */
const SLICE = 1;

/** Does a little of a task. @returns whether there is more to do */
export type Step = () => boolean;

/** Work of the worker thread that waits while there is something to answer: in slices of a millisecond, in turn. */
export class Background {
  readonly #steps: Step[] = [];
  readonly #failed: (error: unknown) => void;
  #scheduled = false;

  /** @param failed is told of a task that threw; the task is given up */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  add(step: Step): void {
    this.#steps.push(step);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#steps.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#slice(performance.now() + SLICE);
      this.#schedule();
    });
  }

  #slice(end: number): void {
    do {
      const step = this.#steps.shift();
      if (!step) return;
      try {
        if (step()) this.#steps.push(step);
      } catch (error) {
        this.#failed(error);
      }
    } while (performance.now() < end);
  }
}
