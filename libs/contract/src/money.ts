/** Money in pico-dollars (10⁻¹² USD): an integer, so that sums are exact. */
export type PicoDollars = bigint;

const PICO_DIGITS = 12;
const PICO_PER_DOLLAR = 10n ** BigInt(PICO_DIGITS);
const DECIMAL = /^(-?)(\d{1,18})(?:\.(\d{1,12}))?$/;

/**
 * Writes an amount as decimal USD with twelve places, the form every edge shows.
 *
 * @returns for example `"0.000123000000"`.
 */
export function formatUsd(amount: PicoDollars): string {
  if (amount >= 0n && amount < PICO_PER_DOLLAR) return `0.${amount.toString().padStart(PICO_DIGITS, '0')}`;
  const sign = amount < 0n ? '-' : '';
  const magnitude = amount < 0n ? -amount : amount;
  const fraction = (magnitude % PICO_PER_DOLLAR).toString().padStart(PICO_DIGITS, '0');
  return `${sign}${magnitude / PICO_PER_DOLLAR}.${fraction}`;
}

/**
 * Reads decimal USD, exactly, with at most twelve places.
 *
 * @throws RangeError where the text is no plain decimal or has more places than a pico-dollar.
 */
export function parseUsd(text: string): PicoDollars {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`not an amount in USD with at most ${PICO_DIGITS} decimal places: ${text}`);
  const [, sign, whole = '', fraction = ''] = match;
  const magnitude = BigInt(whole) * PICO_PER_DOLLAR + BigInt(fraction.padEnd(PICO_DIGITS, '0'));
  return sign === '-' ? -magnitude : magnitude;
}
