import type { JsonObject, ReplyDelta } from '@parsimony/contract';
import { eventData, splitEvents } from './sse-splitter.js';

/** Whole events of a provider's stream, parsed only if a layer looks inside. */
export class StreamDelta implements ReplyDelta {
  readonly type = 'delta';
  declare readonly final?: true;
  #chunks: readonly JsonObject[] | undefined;

  constructor(readonly wire: Buffer) {}

  /** @throws SyntaxError where an event's data is not JSON. */
  get chunks(): readonly JsonObject[] {
    return (this.#chunks ??= splitEvents(this.wire)
      .map(eventData)
      .filter((data) => data !== '')
      .map((data) => JSON.parse(data) as JsonObject));
  }
}

/** The event that ends a stream. */
export class FinalDelta extends StreamDelta {
  override readonly final = true;
}
