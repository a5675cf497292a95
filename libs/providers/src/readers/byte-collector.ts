import { ProviderInvalidAnswer } from '@parsimony/contract';

/** An answer longer than this is not an answer. */
const ANSWER_LIMIT = 64 << 20;

/** Puts an answer together that is looked at only as a whole. */
export class ByteCollector {
  readonly #parts: Buffer[] = [];
  #bytes = 0;

  constructor(private readonly provider: string) {}

  /** @throws ProviderInvalidAnswer where the answer does not end. */
  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > ANSWER_LIMIT) throw new ProviderInvalidAnswer(`${this.provider} sent an endless answer`);
    this.#parts.push(chunk);
  }

  /** All of it, uncopied where it came in one piece. */
  whole(): Buffer {
    const [first] = this.#parts;
    return first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts);
  }
}
