import { countTokens as countOfEncoding, decode, encode } from 'gpt-tokenizer/encoding/o200k_base';
import { BoundedCache } from './bounded-cache.js';
import { textOf, type Piece } from './piece.js';

/** Texts like `<|endoftext|>` are ordinary text here; by default the tokenizer throws on them. */
const PLAIN_TEXT = { disallowedSpecial: new Set<string>() };

/** Merging takes quadratic time in the length of a run without spaces, or of spaces: 20,000 letters took 0.2 s. */
const LONGEST_RUN = 512;
const LONG_RUN = new RegExp(`\\S{${LONGEST_RUN + 1}}|\\s{${LONGEST_RUN + 1}}`);
const SEGMENT = new RegExp(
  `\\S{${LONGEST_RUN}}|\\s{${LONGEST_RUN}}|(?:(?!\\S{${LONGEST_RUN}}|\\s{${LONGEST_RUN}})[^])+`,
  'g',
);

/** Beyond so many characters the count is extrapolated, so that one huge prompt does not stop the process. */
const COUNTED_CHARACTERS = 200_000;

const counts = new BoundedCache<number>(4_000_000);

/**
 * Number of o200k_base tokens of a text, whatever the model. Exact, but for runs of more than 512 characters without
 * a space, which are counted in segments, and for what stands beyond 200,000 characters.
 */
export function countTokens(text: string): number {
  const known = counts.get(text);
  if (known !== undefined) return known;
  const counted = text.length > COUNTED_CHARACTERS ? text.slice(0, COUNTED_CHARACTERS) : text;
  const part = segmentsOf(counted).reduce((total, segment) => total + countOfEncoding(segment, PLAIN_TEXT), 0);
  const count = counted === text ? part : Math.ceil((part * text.length) / counted.length);
  counts.set(text, count);
  return count;
}

/** Cuts a text into its tokens. Tokens that are parts of one character come together, so that pieces join verbatim. */
export function splitTokens(text: string): Piece[] {
  const pieces = segmentsOf(text).flatMap(splitSegment);
  // Half a surrogate pair does not survive encoding: such a text goes out in one piece.
  return textOf(pieces) === text ? pieces : [{ text, tokens: countTokens(text) }];
}

function segmentsOf(text: string): readonly string[] {
  return LONG_RUN.test(text) ? (text.match(SEGMENT) ?? []) : [text];
}

function splitSegment(segment: string): Piece[] {
  const pieces: Piece[] = [];
  let pending: number[] = [];
  for (const token of encode(segment, PLAIN_TEXT)) {
    pending.push(token);
    const text = decode(pending);
    if (text.endsWith('\uFFFD')) continue;
    pieces.push({ text, tokens: pending.length });
    pending = [];
  }
  if (pending.length > 0) pieces.push({ text: decode(pending), tokens: pending.length });
  return pieces;
}
