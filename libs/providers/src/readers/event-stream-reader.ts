import { ProviderInvalidAnswer, ProviderStreamCut } from '@parsimony/contract';
import type { AnswerReader } from '../http/answer-reader.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { beginWithObject, EVENT_LIMIT } from '../sse/event-check.js';
import { eventData, splitEvents, SseSplitter } from '../sse/sse-splitter.js';
import { FinalDelta, StreamDelta } from '../sse/stream-delta.js';
import type { EventAccount } from './event-account.js';
import { parseObject } from './parse-object.js';

const BLANK_LINE = Buffer.from('\n\n');

/**
 * Reads a stream whose events say by their type when it ends, which all protocols but chat completions do. Bytes pass as
 * they came; only events that bear one of the account's marks are looked into. The end mark is a delta of its own.
 */
export class EventStreamReader implements AnswerReader {
  readonly #splitter = new SseSplitter();
  #ended = false;

  constructor(
    private readonly provider: string,
    private readonly account: EventAccount,
  ) {}

  read(chunk: Buffer, emit: (event: ProviderEvent) => void): void {
    if (this.#ended) return;
    const bytes = this.#splitter.push(chunk);
    if (bytes) this.#take(bytes, emit);
    else if (this.#splitter.heldBytes > EVENT_LIMIT)
      throw new ProviderInvalidAnswer(`${this.provider} sent an endless event`);
  }

  finish(emit: (event: ProviderEvent) => void): void {
    const rest = this.#ended ? undefined : this.#splitter.rest();
    // Without its blank line an event is no event for the caller's client.
    if (rest && this.#isMarked(rest) && eventData(rest).endsWith('}'))
      this.#take(Buffer.concat([rest, BLANK_LINE]), emit);
    if (!this.#ended) throw new ProviderStreamCut(`${this.provider} ended its stream before the end mark`);
    emit({ type: 'finish', usage: this.account.usage });
  }

  #take(bytes: Buffer, emit: (event: ProviderEvent) => void): void {
    if (!this.#isMarked(bytes)) return this.#pass(bytes, emit);
    let seen = 0;
    for (const event of splitEvents(bytes)) {
      if (this.#isEnd(event)) {
        this.#ended = true;
        if (seen > 0) this.#pass(bytes.subarray(0, seen), emit);
        return emit(new FinalDelta(event));
      }
      seen += event.length;
    }
    this.#pass(bytes, emit);
  }

  #isEnd(event: Buffer): boolean {
    if (!this.#isMarked(event)) return false;
    const data = eventData(event);
    return data !== '' && this.account.see(parseObject(this.provider, 'an event', data));
  }

  #pass(bytes: Buffer, emit: (event: ProviderEvent) => void): void {
    if (!beginWithObject(bytes)) throw new ProviderInvalidAnswer(`${this.provider} sent a stream that has no events`);
    emit(new StreamDelta(bytes));
  }

  #isMarked(bytes: Buffer): boolean {
    for (const mark of this.account.marks) if (bytes.includes(mark)) return true;
    return false;
  }
}
