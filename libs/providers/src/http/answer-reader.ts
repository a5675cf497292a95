import type { ProviderEvent } from '../provider-adapter.js';

/** Turns the bytes of one successful HTTP answer into events. */
export interface AnswerReader {
  /** Where the answer is neither JSON nor server-sent events. */
  readonly contentType?: string;
  /** @throws ParsimonyError where the bytes are no answer. */
  read(chunk: Buffer, emit: (event: ProviderEvent) => void): void;
  /** @throws ParsimonyError where the answer ended too early. */
  finish(emit: (event: ProviderEvent) => void): void;
}
