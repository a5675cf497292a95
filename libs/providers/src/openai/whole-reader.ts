import { isJsonObject, ProviderInvalidAnswer } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import type { AnswerReader } from '../http/answer-reader.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { usageFromOpenAi } from './openai-usage.js';

/** An answer longer than this is not an answer. */
const ANSWER_LIMIT = 64 << 20;

/** Reads an answer that comes in one piece: parsed once, its own bytes ride along. */
export class WholeReader implements AnswerReader {
  readonly #parts: Buffer[] = [];
  #bytes = 0;

  constructor(private readonly provider: string) {}

  read(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > ANSWER_LIMIT) throw new ProviderInvalidAnswer(`${this.provider} sent an endless answer`);
    this.#parts.push(chunk);
  }

  finish(emit: (event: ProviderEvent) => void): void {
    const [first] = this.#parts;
    const wire = first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts);
    const body = this.#parse(wire);
    emit({ type: 'answer', body, wire });
    emit({ type: 'finish', usage: usageFromOpenAi(body['usage']) });
  }

  #parse(wire: Buffer): JsonObject {
    try {
      const body: unknown = JSON.parse(wire.toString('utf8'));
      if (isJsonObject(body)) return body;
    } catch (error) {
      throw new ProviderInvalidAnswer(`${this.provider} sent an answer that is not JSON`, { cause: error });
    }
    throw new ProviderInvalidAnswer(`${this.provider} sent an answer that is not an object`);
  }
}
