import type { ModelTarget, PicoDollars, ReplyEvent, Usage } from '@parsimony/contract';
import { bytesOfContent, encodeAnswer, type ContentEvent } from './encoded-answer.js';
import { endedBadly } from './ended-badly.js';

/** A reply that was given in full and can be given again. */
export interface RecordedReply {
  readonly target: ModelTarget;
  /** As `encodeAnswer` writes it. */
  readonly answer: Uint8Array;
  readonly usage: Usage;
  readonly cost: PicoDollars;
}

/** A longer answer is not kept. */
export const LONGEST_ANSWER_BYTES = 1024 * 1024;

/** Writes down a reply as it passes. It gives up what cannot be given again: what is too long, was cut, or is itself from a cache. */
export class ReplyRecorder {
  #target: ModelTarget | undefined;
  readonly #events: ContentEvent[] = [];
  readonly #contents: Uint8Array[] = [];
  #bytes = 0;
  #givenUp = false;

  /** Whether there will be no recording. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** @returns the recording, where this event was the end of a reply that can be given again. */
  add(event: ReplyEvent): RecordedReply | undefined {
    if (this.#givenUp) return undefined;
    if (event.type === 'start') {
      // What a budget has cut is no answer for others; what a semantic cache gave may be another question's.
      if (event.maxTokens !== undefined || (event.cache !== 'miss' && event.cache !== 'bypass')) this.#giveUp();
      this.#target = event.target;
    } else if (event.type === 'delta' || event.type === 'answer') {
      this.#take(event);
    } else if (event.type === 'end' && this.#target) {
      if (endedBadly(this.#contents)) this.#giveUp();
      else
        return {
          target: this.#target,
          answer: encodeAnswer(this.#events, this.#contents),
          usage: event.usage,
          cost: event.cost,
        };
    }
    return undefined;
  }

  #take(event: ContentEvent): void {
    const content = bytesOfContent(event);
    this.#bytes += content.byteLength;
    if (this.#bytes > LONGEST_ANSWER_BYTES) {
      this.#giveUp();
      return;
    }
    this.#events.push(event);
    this.#contents.push(content);
  }

  #giveUp(): void {
    this.#givenUp = true;
    this.#events.length = 0;
    this.#contents.length = 0;
  }
}
