import { ProviderInvalidAnswer, ProviderStreamCut } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import type { StreamTranslation } from '@parsimony/protocols';
import type { AnswerReader } from '../http/answer-reader.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { EVENT_LIMIT } from '../sse/event-check.js';
import { eventsData, SseSplitter } from '../sse/sse-splitter.js';
import type { EventAccount } from './event-account.js';
import { parseObject } from './parse-object.js';

const END_MARKS: readonly unknown[] = ['message_stop', 'response.completed', 'response.incomplete', 'response.failed'];

/** Reads a stream in the provider's protocol and gives it in the caller's. The usage is the provider's own. */
export class TranslatedStreamReader implements AnswerReader {
  readonly #splitter = new SseSplitter();
  #endMark: JsonObject | undefined;
  #ended = false;

  constructor(
    private readonly provider: string,
    private readonly translation: StreamTranslation,
    private readonly account: EventAccount,
  ) {}

  read(chunk: Buffer, emit: (event: ProviderEvent) => void): void {
    if (this.#ended) return;
    const bytes = this.#splitter.push(chunk);
    if (bytes) this.#translate(bytes, emit);
    else if (this.#splitter.heldBytes > EVENT_LIMIT)
      throw new ProviderInvalidAnswer(`${this.provider} sent an endless event`);
  }

  finish(emit: (event: ProviderEvent) => void): void {
    if (!this.#ended) this.#translate(this.#splitter.rest(), emit);
    if (!this.#ended) throw new ProviderStreamCut(`${this.provider} ended its stream before the end mark`);
    if (this.#endMark) emit({ type: 'delta', chunks: [this.#endMark], final: true });
    emit({ type: 'finish', usage: this.account.usage });
  }

  /** One delta for all that came at once: each costs a turn of the consumer's loop. */
  #translate(bytes: Buffer, emit: (event: ProviderEvent) => void): void {
    const chunks: JsonObject[] = [];
    for (const data of eventsData(bytes)) {
      if (this.#ended) break;
      if (data === '[DONE]') this.#ended = true;
      else if (data !== '') this.#push(data, chunks);
    }
    if (this.#ended) chunks.push(...this.translation.finish());
    this.#give(chunks, emit);
  }

  #push(data: string, chunks: JsonObject[]): void {
    const event = parseObject(this.provider, 'an event', data);
    this.#ended = this.account.see(event);
    chunks.push(...this.translation.push(event));
  }

  #give(chunks: readonly JsonObject[], emit: (event: ProviderEvent) => void): void {
    const last = chunks.at(-1);
    const isEnd = last !== undefined && END_MARKS.includes(last['type']);
    if (isEnd) this.#endMark = last;
    const given = isEnd ? chunks.slice(0, -1) : chunks;
    if (given.length > 0) emit({ type: 'delta', chunks: given });
  }
}
