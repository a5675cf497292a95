import type { AnswerReader } from '../http/answer-reader.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { ByteCollector } from './byte-collector.js';

/** Reads an answer that is no JSON, such as subtitles. It reports no usage. */
export class TextReader implements AnswerReader {
  readonly #bytes: ByteCollector;

  constructor(
    provider: string,
    private readonly textType: string,
  ) {
    this.#bytes = new ByteCollector(provider);
  }

  read(chunk: Buffer): void {
    this.#bytes.add(chunk);
  }

  finish(emit: (event: ProviderEvent) => void): void {
    emit({ type: 'answer', body: {}, wire: this.#bytes.whole(), contentType: this.textType });
    emit({ type: 'finish', usage: null });
  }
}
