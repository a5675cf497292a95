import { setTimeout as delay } from 'node:timers/promises';
import type { PicoDollars } from '@parsimony/contract';

const WHOLE_NUMBER = /^\d+$/;
const LOOK_EVERY_MS = 250;
/** It stands still where so many looks in a row see the same. */
const SAME_LOOKS = 4;
const SETTLED_MS = 30_000;

interface BillAmount {
  readonly chargedPicoDollars?: unknown;
}

/** The simulator's bill: the one witness that no gateway writes. */
export class BillReader {
  constructor(
    private readonly url: string,
    /** Label of one key; undefined: all keys. */
    private readonly key: string | undefined,
  ) {}

  /** @throws Error where the address does not answer, or answers with something else than a bill. */
  async read(signal: AbortSignal): Promise<PicoDollars> {
    const { lines, total } = await this.#fetch(signal);
    if (this.key === undefined) return this.#amount(total);
    if (!Array.isArray(lines)) throw this.#noBill();
    return (lines as readonly (BillAmount & { readonly key?: unknown })[])
      .filter(({ key }) => key === this.key)
      .reduce((sum, line) => sum + this.#amount(line), 0n);
  }

  /**
   * Reads until it stands still: a gateway may read on what its caller has left.
   *
   * @throws Error where it still grows after half a minute.
   */
  async settled(signal: AbortSignal): Promise<PicoDollars> {
    const deadline = performance.now() + SETTLED_MS;
    let last = await this.read(signal);
    for (let same = 1; same < SAME_LOOKS;) {
      if (performance.now() > deadline) throw new Error('the bill still grows, though nobody calls');
      await delay(LOOK_EVERY_MS, undefined, { signal });
      const now = await this.read(signal);
      same = now === last ? same + 1 : 1;
      last = now;
    }
    return last;
  }

  async #fetch(signal: AbortSignal): Promise<{ readonly lines?: unknown; readonly total?: BillAmount }> {
    let response: Response;
    try {
      response = await fetch(this.url, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw new Error(`the bill at ${this.url} cannot be read: nobody answers`, { cause: error });
    }
    if (!response.ok) throw new Error(`the bill at ${this.url} cannot be read: status ${response.status}`);
    const bill: unknown = await response.json().catch(() => undefined);
    if (typeof bill !== 'object' || bill === null) throw this.#noBill();
    return bill;
  }

  #amount(of: BillAmount | undefined): PicoDollars {
    const text = of?.chargedPicoDollars;
    if (typeof text !== 'string' || !WHOLE_NUMBER.test(text)) throw this.#noBill();
    return BigInt(text);
  }

  #noBill(): Error {
    return new Error(`what ${this.url} answers is no bill of the simulator`);
  }
}
