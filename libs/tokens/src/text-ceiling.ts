/**
 * The most tokens that a text can have: each token of a byte-level vocabulary stands for at least one byte.
 *
 * @returns UTF-8 bytes; three for a lone surrogate, as encoders replace it by U+FFFD.
 */
export function tokenCeiling(text: string): number {
  return Buffer.byteLength(text);
}
