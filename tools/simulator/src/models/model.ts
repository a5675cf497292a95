import type { Price } from './price.js';

/** What a model is for, which decides at which addresses it answers. */
export type ModelKind = 'chat' | 'embedding' | 'moderation' | 'speech' | 'transcription';

/** What Anthropic's models have and the others do not. */
export interface ClaudeTraits {
  readonly displayName: string;
  /** Most tokens of a prompt; a longer one is refused. */
  readonly contextWindow: number;
  /** Highest `max_tokens`. */
  readonly mostOutput: number;
  /** Shorter prefixes are not cached. */
  readonly cacheMinimum: number;
}

/** A model that the simulator answers for. */
export interface Model {
  readonly name: string;
  readonly kind: ModelKind;
  readonly price: Price;
  /** Thinks before it answers without being asked to, and bills what it thought as output. */
  readonly reasons: boolean;
  /** Size of its vectors; null where it makes none. */
  readonly dimensions: number | null;
  /** Whether the size of its vectors may be chosen. */
  readonly shortens: boolean;
  /** null: not one of Anthropic's. */
  readonly claude: ClaudeTraits | null;
  /** Whether it stands in a provider's price list; models of the answer book and of the settings do not. */
  readonly listed: boolean;
}

/** A listed model that does nothing special. */
export function plainModel(name: string, kind: ModelKind, price: Price): Model {
  return { name, kind, price, reasons: false, dimensions: null, shortens: false, claude: null, listed: true };
}

/** A chat model that no provider lists: any protocol may ask for it. */
export function unlistedModel(name: string, price: Price): Model {
  return { ...plainModel(name, 'chat', price), listed: false };
}
