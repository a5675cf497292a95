import type { JsonObject, Usage } from '@parsimony/contract';

/** Keeps what the events of one stream say about its usage and its end. */
export interface EventAccount {
  /** One of these stands in every event that `see` must see; tried on raw bytes, so that all others go by unparsed. */
  readonly marks: readonly Buffer[];
  /** The usage as the provider has reported it so far. */
  readonly usage: Usage | null;
  /**
   * @returns whether the event is the stream's end mark.
   * @throws ProviderError where the event is an error.
   */
  see(event: JsonObject): boolean;
}
