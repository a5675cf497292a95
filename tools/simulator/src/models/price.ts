/** Prices in pico-dollars (10⁻¹² USD) a unit: a token, but for `characters` and `seconds`. */
export interface Price {
  readonly input: bigint;
  readonly cachedInput: bigint;
  /** Visible and reasoning tokens alike. */
  readonly output: bigint;
  /** Tokens written to the cache for five minutes; as `input` where it is absent. */
  readonly cacheWrite?: bigint;
  /** Tokens written to the cache for an hour; as `cacheWrite` where it is absent. */
  readonly cacheWriteLong?: bigint;
  /** As `input` where it is absent. */
  readonly inputAudio?: bigint;
  /** As `output` where it is absent. */
  readonly outputAudio?: bigint;
  /** A character of a text that is spoken; free where it is absent. */
  readonly characters?: bigint;
  /** A second of sound that is written down; free where it is absent. */
  readonly seconds?: bigint;
}

export const FREE: Price = { input: 0n, cachedInput: 0n, output: 0n };
