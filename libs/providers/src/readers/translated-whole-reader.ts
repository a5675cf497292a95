import type { JsonObject, Usage } from '@parsimony/contract';
import type { Translation } from '@parsimony/protocols';
import type { AnswerReader } from '../http/answer-reader.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { ByteCollector } from './byte-collector.js';
import { parseObject } from './parse-object.js';

/** Reads a whole answer in the provider's protocol and gives it in the caller's. The usage is the provider's own. */
export class TranslatedWholeReader implements AnswerReader {
  readonly #bytes: ByteCollector;

  constructor(
    private readonly provider: string,
    private readonly translation: Translation,
    private readonly usageFrom: (answer: JsonObject) => Usage | null,
  ) {
    this.#bytes = new ByteCollector(provider);
  }

  read(chunk: Buffer): void {
    this.#bytes.add(chunk);
  }

  finish(emit: (event: ProviderEvent) => void): void {
    const body = parseObject(this.provider, 'an answer', this.#bytes.whole().toString('utf8'));
    emit({ type: 'answer', body: this.translation.answer(body) });
    emit({ type: 'finish', usage: this.usageFrom(body) });
  }
}
