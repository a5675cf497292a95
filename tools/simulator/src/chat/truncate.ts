import { textOf, tokensOf, type Piece } from '../generation/piece.js';

export interface Truncated {
  readonly pieces: readonly Piece[];
  /** What ended the text before its own end; null: nothing. */
  readonly reason: 'length' | 'stop' | null;
}

/** The beginning of an answer that has at most so many tokens and none of the stop sequences. */
export function truncate(pieces: readonly Piece[], tokenLimit: number, stops: readonly string[]): Truncated {
  const limited = withinLimit(pieces, tokenLimit);
  const text = stops.length > 0 ? textOf(limited) : '';
  const found = stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
  if (found.length > 0) return { pieces: withinLength(limited, Math.min(...found)), reason: 'stop' };
  return { pieces: limited, reason: limited.length < pieces.length ? 'length' : null };
}

function withinLimit(pieces: readonly Piece[], tokenLimit: number): readonly Piece[] {
  if (tokensOf(pieces) <= tokenLimit) return pieces;
  let tokens = 0;
  const end = pieces.findIndex((piece) => (tokens += piece.tokens) > tokenLimit);
  return pieces.slice(0, end);
}

function withinLength(pieces: readonly Piece[], length: number): readonly Piece[] {
  const kept: Piece[] = [];
  let remaining = length;
  for (const piece of pieces) {
    if (remaining <= 0) break;
    // The token that runs into the stop sequence was generated, and is billed, as a whole.
    kept.push(piece.text.length > remaining ? { ...piece, text: piece.text.slice(0, remaining) } : piece);
    remaining -= piece.text.length;
  }
  return kept;
}
