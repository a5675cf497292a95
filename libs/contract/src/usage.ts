/**
 * What one provider call used, in disjoint buckets: a token counts in exactly one of them, so that none is priced twice.
 * What a provider reports inside another figure (OpenAI's `cached_tokens` inside `prompt_tokens`) is taken out of it.
 */
export interface Usage {
  /** Text and image tokens read at the full price. */
  readonly input: number;
  /** Tokens read from the provider's prompt cache. */
  readonly cachedInput: number;
  /** Tokens written to the provider's prompt cache. */
  readonly cacheWrite: number;
  /** Tokens written to the provider's prompt cache for an hour, which Anthropic prices apart. */
  readonly cacheWriteLong: number;
  readonly inputAudio: number;
  /** Visible text tokens. */
  readonly output: number;
  /** Hidden thinking tokens, which providers bill as output. */
  readonly reasoning: number;
  readonly outputAudio: number;
  /** Characters of a text that is to be spoken, where the model is priced by them. */
  readonly characters: number;
  /** Whole seconds of sound, where the model is priced by them. */
  readonly seconds: number;
  /** Searches that the provider made on the model's behalf. */
  readonly searches: number;
}

export type UsageBucket = keyof Usage;

export const USAGE_BUCKETS = [
  'input',
  'cachedInput',
  'cacheWrite',
  'cacheWriteLong',
  'inputAudio',
  'output',
  'reasoning',
  'outputAudio',
  'characters',
  'seconds',
  'searches',
] as const satisfies readonly UsageBucket[];

export const NO_USAGE: Usage = Object.freeze({
  input: 0,
  cachedInput: 0,
  cacheWrite: 0,
  cacheWriteLong: 0,
  inputAudio: 0,
  output: 0,
  reasoning: 0,
  outputAudio: 0,
  characters: 0,
  seconds: 0,
  searches: 0,
});
