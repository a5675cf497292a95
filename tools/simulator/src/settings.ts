import type { Fault } from './faults/fault.js';
import type { Price } from './models/price.js';

/** A closed interval of whole numbers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** When the provider says that part of a prompt came from its cache. */
export interface CachedTokens {
  /** Part of the prompt that is cached, 0 to 1. */
  readonly share: number;
  /** Fewer tokens are never cached, neither of prompt nor of prefix; OpenAI: 1024. */
  readonly minimum: number;
  /** Cached tokens are a multiple of this; OpenAI: 128. */
  readonly step: number;
}

/** How marked prefixes of a prompt (Anthropic's `cache_control`) are cached. */
export interface PromptCacheSettings {
  /**
   * `remember`: written the first time and read after, per key, as with Anthropic. `write`, `read`: always written,
   * always read, whatever came before. `off`: marks change nothing.
   */
  readonly mode: 'remember' | 'write' | 'read' | 'off';
  /** Shorter prefixes are not cached; null: as each model has it. */
  readonly minimum: number | null;
}

/**
 * How chat completions say what they used. `openai`: as OpenAI does. `cumulative`: every chunk of a stream has the usage
 * so far, asked for or not. `absent`: streams have none. `reasoning-beside`: `completion_tokens` leaves out the hidden
 * tokens, which stand in the total and the details. The bill is the same with each.
 */
export type UsageStyle = 'openai' | 'cumulative' | 'absent' | 'reasoning-beside';

/** Everything that can be changed while the simulator runs. Immutable: a request keeps what it began with. */
export interface Settings {
  /** Every answer, length and drawn fault is a function of it. */
  readonly seed: number;
  /** Time to the first byte of an answer. */
  readonly latencyMs: number;
  /** Speed of generation; 0: as fast as possible. */
  readonly tokensPerSecond: number;
  /** Visible tokens of an answer that is neither recorded nor JSON. */
  readonly answerTokens: Range;
  /** Hidden tokens of models that reason. */
  readonly reasoningTokens: Range;
  /** Calls of an answer for which the caller requires some tool and allows several calls. */
  readonly toolCalls: Range;
  /** Of OpenAI's models. */
  readonly cachedTokens: CachedTokens;
  /** Of Anthropic's models. */
  readonly promptCache: PromptCacheSettings;
  readonly usageStyle: UsageStyle;
  /** Probability of each fault; their sum is at most 1. */
  readonly faults: Readonly<Record<Fault, number>>;
  /** Probability of a server error, by model. */
  readonly failingModels: Readonly<Record<string, number>>;
  /** Probability of a server error, by the key's label, see `keyLabel`. */
  readonly failingKeys: Readonly<Record<string, number>>;
  /** What the fault `slow` adds to the time to the first byte. */
  readonly slowMs: number;
  /** What `retry-after` says with the fault `rate_limit`. */
  readonly retryAfterSeconds: number;
  /** Whether a stream whose client has left is generated, and billed, to its end. */
  readonly onDisconnect: 'stop' | 'finish';
  /** Prices of further chat models, or other prices of listed ones. */
  readonly prices: Readonly<Record<string, Price>>;
  /** The model of each Azure deployment; one that is not named here is called like its model. */
  readonly deployments: Readonly<Record<string, string>>;
}

export const DEFAULT_SETTINGS: Settings = {
  seed: 1,
  latencyMs: 0,
  tokensPerSecond: 0,
  answerTokens: { min: 20, max: 60 },
  reasoningTokens: { min: 32, max: 128 },
  toolCalls: { min: 1, max: 1 },
  cachedTokens: { share: 0, minimum: 1024, step: 128 },
  promptCache: { mode: 'remember', minimum: null },
  usageStyle: 'openai',
  faults: { rate_limit: 0, server_error: 0, timeout: 0, slow: 0, cut: 0, garbage: 0, reset: 0 },
  failingModels: {},
  failingKeys: {},
  slowMs: 2000,
  retryAfterSeconds: 1,
  onDisconnect: 'stop',
  prices: {},
  deployments: {},
};

/** A part of the settings as JSON has it: what `POST /simulator/config` takes. Prices are decimal strings. */
export interface SettingsPatch {
  readonly seed?: number;
  readonly latencyMs?: number;
  readonly tokensPerSecond?: number;
  readonly answerTokens?: Partial<Range>;
  readonly reasoningTokens?: Partial<Range>;
  readonly toolCalls?: Partial<Range>;
  readonly cachedTokens?: Partial<CachedTokens>;
  readonly promptCache?: Partial<PromptCacheSettings>;
  readonly usageStyle?: UsageStyle;
  readonly faults?: Partial<Record<Fault, number>>;
  readonly failingModels?: Readonly<Record<string, number>>;
  readonly failingKeys?: Readonly<Record<string, number>>;
  readonly slowMs?: number;
  readonly retryAfterSeconds?: number;
  readonly onDisconnect?: 'stop' | 'finish';
  readonly prices?: Readonly<Record<string, { readonly [Field in keyof Price]: string }>>;
  readonly deployments?: Readonly<Record<string, string>>;
}
