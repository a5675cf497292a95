import { textOf, type Piece } from '../generation/piece.js';
import type { Transcript } from './transcript.js';

/** A stretch of a recording, in seconds from its beginning, and what is said in it. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const PIECES_PER_SEGMENT = 10;

/** What was said, in stretches of ten pieces, each as long as its share of them. */
export function segmentsOf(transcript: Transcript): Segment[] {
  return stretches(transcript, PIECES_PER_SEGMENT);
}

/** What was said, piece by piece. */
export function wordsOf(transcript: Transcript): object[] {
  return stretches(transcript, 1).map(({ text, start, end }) => ({ word: text.trim(), start, end }));
}

function stretches({ pieces, duration }: Transcript, length: number): Segment[] {
  const time = (position: number): number => Math.round((duration * position * 1000) / pieces.length) / 1000;
  const segments: Segment[] = [];
  for (let begin = 0; begin < pieces.length; begin += length) {
    const part: readonly Piece[] = pieces.slice(begin, begin + length);
    segments.push({ start: time(begin), end: time(begin + part.length), text: textOf(part) });
  }
  return segments;
}
