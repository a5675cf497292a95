const FORMAT = new Intl.NumberFormat('en-US');

/** A whole number with its thousands apart. */
export function count(number: number): string {
  return FORMAT.format(number);
}
