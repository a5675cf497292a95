import { ProviderInvalidAnswer, ProviderStreamCut } from '@parsimony/contract';
import type { Usage } from '@parsimony/contract';
import type { AnswerReader } from '../http/answer-reader.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { beginWithObject, EVENT_LIMIT } from '../sse/event-check.js';
import { eventData, splitEvents, SseSplitter } from '../sse/sse-splitter.js';
import { StreamDelta } from '../sse/stream-delta.js';
import { parseObject } from './parse-object.js';

const DONE = Buffer.from('[DONE]');
const USAGE = Buffer.from('"usage"');
const LOWER_N = 0x6e;
const SPACE = 0x20;
const COLON = 0x3a;

/**
 * Reads a stream of chat completion chunks. Bytes pass as they came; only events that may carry the usage, and the end
 * mark, are looked into. `[DONE]` itself is not passed on: the edge writes it after the settlement.
 */
export class ChatStreamReader implements AnswerReader {
  readonly #splitter = new SseSplitter();
  #usage: Usage | null = null;
  #done = false;

  /** @param keepUsageEvent whether the caller asked for the usage event; else it is taken out of what the caller sees. */
  constructor(
    private readonly provider: string,
    private readonly keepUsageEvent: boolean,
    private readonly usageFrom: (usage: unknown) => Usage | null,
  ) {}

  read(chunk: Buffer, emit: (event: ProviderEvent) => void): void {
    if (this.#done) return;
    const bytes = this.#splitter.push(chunk);
    if (!bytes) {
      if (this.#splitter.heldBytes > EVENT_LIMIT)
        throw new ProviderInvalidAnswer(`${this.provider} sent an endless event`);
      return;
    }
    if (mayEndOrCount(bytes)) this.#readSpecial(bytes, emit);
    else this.#pass(bytes, emit);
  }

  finish(emit: (event: ProviderEvent) => void): void {
    if (!this.#done && eventData(this.#splitter.rest()) === '[DONE]') this.#done = true;
    if (!this.#done) throw new ProviderStreamCut(`${this.provider} ended its stream before [DONE]`);
    emit({ type: 'finish', usage: this.#usage });
  }

  #pass(bytes: Buffer, emit: (event: ProviderEvent) => void): void {
    if (!beginWithObject(bytes)) throw new ProviderInvalidAnswer(`${this.provider} sent a stream that has no chunks`);
    emit(new StreamDelta(bytes));
  }

  #readSpecial(bytes: Buffer, emit: (event: ProviderEvent) => void): void {
    const kept: Buffer[] = [];
    for (const event of splitEvents(bytes)) {
      if (this.#done) break;
      const data = eventData(event);
      if (data === '[DONE]') this.#done = true;
      else if (!this.#readUsage(data) || this.keepUsageEvent) kept.push(event);
    }
    if (kept.length > 0) this.#pass(kept.length === 1 ? (kept[0] ?? bytes) : Buffer.concat(kept), emit);
  }

  /** Notes the usage that an event carries; true where the event carries nothing else. */
  #readUsage(data: string): boolean {
    if (!data.includes('"usage"')) return false;
    const { usage = null, choices } = parseObject(this.provider, 'an event', data);
    if (usage === null) return false;
    // Some providers repeat a growing usage in every chunk: the last one counts, they are never added up.
    this.#usage = this.usageFrom(usage) ?? this.#usage;
    return Array.isArray(choices) && choices.length === 0;
  }
}

/** Cheap test, no parse: the end mark, or a usage that is not `null`. */
function mayEndOrCount(bytes: Buffer): boolean {
  if (bytes.includes(DONE)) return true;
  for (let at = bytes.indexOf(USAGE); at !== -1; at = bytes.indexOf(USAGE, at + USAGE.length)) {
    let value = at + USAGE.length;
    while (bytes[value] === SPACE || bytes[value] === COLON) value++;
    if (bytes[value] !== LOWER_N) return true;
  }
  return false;
}
