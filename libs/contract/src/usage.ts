/**
 * Tokens of one provider call in disjoint buckets: a token counts in exactly one of them, so that none is priced twice.
 * What a provider reports inside another figure (OpenAI's `cached_tokens` inside `prompt_tokens`) is taken out of it.
 */
export interface Usage {
  /** Text and image tokens read at the full price. */
  readonly input: number;
  /** Tokens read from the provider's prompt cache. */
  readonly cachedInput: number;
  /** Tokens written to the provider's prompt cache. */
  readonly cacheWrite: number;
  readonly inputAudio: number;
  /** Visible text tokens. */
  readonly output: number;
  /** Hidden thinking tokens, which providers bill as output. */
  readonly reasoning: number;
  readonly outputAudio: number;
}

export type UsageBucket = keyof Usage;

export const USAGE_BUCKETS = [
  'input',
  'cachedInput',
  'cacheWrite',
  'inputAudio',
  'output',
  'reasoning',
  'outputAudio',
] as const satisfies readonly UsageBucket[];

export const NO_USAGE: Usage = Object.freeze({
  input: 0,
  cachedInput: 0,
  cacheWrite: 0,
  inputAudio: 0,
  output: 0,
  reasoning: 0,
  outputAudio: 0,
});
