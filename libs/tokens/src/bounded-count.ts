import { encodedLength } from './encoder.js';
import type { Encoding } from './encoding.js';
import { LONGEST_RUN, cut } from './text-cut.js';

/** Tokens of a text or a prompt. */
export interface TokenCount {
  readonly tokens: number;
  /**
   * Whether the figure is the vocabulary's own. It is not where a run without a border had to be cut, each cut being
   * off by a few tokens at most, nearly always upwards; nor where a prompt has parts that are no text.
   */
  readonly exact: boolean;
}

/**
 * Counts in time that grows with the length of the text and not with its square: at most 1.2 ms for each 512 UTF-16
 * units, measured with the worst text known (ideographs and Thai without spaces); 0.1 ms for prose.
 */
export function boundedCount(text: string, encoding: Encoding): TokenCount {
  let tokens = 0;
  let exact = true;
  for (let from = 0; from < text.length;) {
    const part = cut(text, from, LONGEST_RUN);
    tokens += encodedLength(text.slice(from, part.end), encoding);
    exact &&= part.exact;
    from = part.end;
  }
  return { tokens, exact };
}
