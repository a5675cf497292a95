import { textOf, tokensOf, type Piece } from '../generation/piece.js';
import type { Choice } from './choice.js';

export interface Truncated extends Pick<Choice, 'end' | 'stopSequence'> {
  readonly pieces: readonly Piece[];
}

/** The beginning of an answer that has at most so many tokens and none of the stop sequences. */
export function truncate(pieces: readonly Piece[], tokenLimit: number, stops: readonly string[]): Truncated {
  const limited = withinLimit(pieces, tokenLimit);
  const found = stops.length > 0 ? firstStop(textOf(limited), stops) : null;
  if (found) return { pieces: withinLength(limited, found.index), end: 'stop', stopSequence: found.stop };
  return { pieces: limited, end: limited.length < pieces.length ? 'limit' : 'own', stopSequence: null };
}

function firstStop(text: string, stops: readonly string[]): { index: number; stop: string } | null {
  return stops
    .map((stop) => ({ stop, index: text.indexOf(stop) }))
    .filter(({ index }) => index >= 0)
    .reduce<{ index: number; stop: string } | null>(
      (first, next) => (first && first.index <= next.index ? first : next),
      null,
    );
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
