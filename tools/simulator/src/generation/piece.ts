/** A part of an answer as it is streamed: usually one token. */
export interface Piece {
  readonly text: string;
  readonly tokens: number;
}

export function tokensOf(pieces: readonly Piece[]): number {
  return pieces.reduce((total, piece) => total + piece.tokens, 0);
}

export function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
}
