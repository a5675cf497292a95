import type { JsonObject } from '@parsimony/contract';

/** The protocols in which text is asked for; each is also the `operation` of a call that speaks it. */
export type Protocol = 'chat.completions' | 'responses' | 'messages';

/** One call that is asked for in one protocol and answered in another. */
export interface Translation {
  /** The request's body in the provider's protocol. */
  readonly request: JsonObject;
  /** What the provider answered as a whole, in the caller's protocol. */
  answer(body: JsonObject): JsonObject;
  /** A translator of one stream; it keeps state, so that each attempt needs its own. */
  stream(): StreamTranslation;
}

/** Turns the events of a provider's stream into those of the caller's protocol, in order. */
export interface StreamTranslation {
  /** @returns what the caller is to see of it; often nothing, sometimes several events. */
  push(event: JsonObject): readonly JsonObject[];
  /** The provider's stream has ended as it should. @returns the last events, the end mark of the caller's protocol among them where it has one. */
  finish(): readonly JsonObject[];
}

/** What a translator must know beside the request. */
export interface TranslationOptions {
  /** The model as the provider knows it. */
  readonly model: string;
  /** For ids and times that the caller's protocol wants and the provider's does not give. Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The call's id, a UUID: ids of answers are derived from it. */
  readonly callId: string;
}

/**
 * Translates a request.
 *
 * @throws UnsupportedParameter that names the first field that the other protocol cannot carry; nothing is dropped in silence.
 */
export type Translate = (body: JsonObject, options: TranslationOptions) => Translation;
