import type { PicoDollars } from '@parsimony/contract';

/** A price of one token; `rounded` where the price per million has more places than pico-dollars can hold. */
export interface TokenRate {
  readonly rate: PicoDollars;
  readonly rounded: boolean;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;
/** 10¹² pico-dollars in a dollar, shared among 10⁶ tokens. */
const PLACES = 6;

/**
 * Reads USD per million tokens as pico-dollars per token: six decimal places are exact, more are rounded up, since a
 * price that is rounded down would be charged below what the provider asks.
 *
 * @param usdPerMillion decimal text, also in the exponent form that JavaScript writes for small numbers (`"1e-7"`).
 * @throws RangeError where the text is no decimal of at least 0.
 */
export function parseTokenRate(usdPerMillion: string): TokenRate {
  const match = DECIMAL.exec(usdPerMillion);
  if (!match) throw new RangeError(`not a price in USD per million tokens: ${usdPerMillion}`);
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const shift = PLACES + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  if (shift >= 0) return { rate: digits * 10n ** BigInt(shift), rounded: false };
  const divisor = 10n ** BigInt(-shift);
  const rounded = digits % divisor !== 0n;
  return { rate: digits / divisor + (rounded ? 1n : 0n), rounded };
}

/** Reads a price that the price package holds as a number, by the decimal text that was written in its source. */
export function tokenRateOf(usdPerMillion: number): TokenRate {
  return parseTokenRate(String(usdPerMillion));
}
