import type { Readable } from 'node:stream';

const KEPT_CHARACTERS = 8_000;

/** The last of what a process wrote, for the message that says why it ended. */
export class OutputTail {
  #text = '';

  constructor(...streams: readonly (Readable | null)[]) {
    for (const stream of streams)
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => (this.#text = (this.#text + text).slice(-KEPT_CHARACTERS)));
  }

  get text(): string {
    return this.#text.trim();
  }
}
