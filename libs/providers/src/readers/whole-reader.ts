import type { JsonObject, Usage } from '@parsimony/contract';
import type { AnswerReader } from '../http/answer-reader.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { ByteCollector } from './byte-collector.js';
import { parseObject } from './parse-object.js';

/** Reads an answer that comes in one piece: parsed once, its own bytes ride along. */
export class WholeReader implements AnswerReader {
  readonly #bytes: ByteCollector;

  constructor(
    private readonly provider: string,
    private readonly usageFrom: (answer: JsonObject) => Usage | null,
  ) {
    this.#bytes = new ByteCollector(provider);
  }

  read(chunk: Buffer): void {
    this.#bytes.add(chunk);
  }

  finish(emit: (event: ProviderEvent) => void): void {
    const wire = this.#bytes.whole();
    const body = parseObject(this.provider, 'an answer', wire.toString('utf8'));
    emit({ type: 'answer', body, wire });
    emit({ type: 'finish', usage: this.usageFrom(body) });
  }
}
