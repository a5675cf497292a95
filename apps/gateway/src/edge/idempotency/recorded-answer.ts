import type { StoredAnswer } from '@parsimony/tenancy';
import type { AnswerWriter } from '../answers/answer-writer.js';

/**
 * Passes an answer on and keeps it. Its last bytes are held back until `release`, so that no caller has seen the end of
 * an answer that could not be given again. A caller that leaves does not stop the recording: it may come back for it.
 */
export class RecordedAnswer implements AnswerWriter {
  #status = 0;
  #headers: string[] = [];
  readonly #parts: Buffer[] = [];
  #ended = false;

  constructor(private readonly response: AnswerWriter) {}

  /** All that was written. */
  get kept(): StoredAnswer {
    return { status: this.#status, headers: this.#headers, body: Buffer.concat(this.#parts) };
  }

  release(): void {
    if (this.#ended) this.response.end(this.#parts.at(-1));
  }

  get headersSent(): boolean {
    return this.#status !== 0;
  }

  /** The caller's absence does not matter here. */
  get destroyed(): boolean {
    return false;
  }

  writeHead(status: number, headers: string[]): void {
    this.#status = status;
    this.#headers = headers;
    if (!this.response.destroyed) this.response.writeHead(status, headers);
  }

  write(bytes: Uint8Array | string): boolean {
    this.#keep(bytes);
    return this.response.destroyed || this.response.write(bytes);
  }

  end(bytes: Uint8Array | string = ''): void {
    this.#keep(bytes);
    this.#ended = true;
  }

  destroy(): void {
    this.response.destroy();
  }

  flushHeaders(): void {
    this.response.flushHeaders();
  }

  addTrailers(trailers: [string, string][]): void {
    this.response.addTrailers(trailers);
  }

  on(event: 'drain' | 'close', listener: () => void): void {
    this.response.on(event, listener);
  }

  off(event: 'drain' | 'close', listener: () => void): void {
    this.response.off(event, listener);
  }

  #keep(bytes: Uint8Array | string): void {
    // A copy: what was written may be a view of bytes that are used again.
    this.#parts.push(Buffer.from(bytes as Uint8Array));
  }
}
