import type { Piece } from '../generation/piece.js';
import { WORDS } from '../generation/prose.js';
import { Random } from '../generation/random.js';

/** OpenAI's `logprobs` of some pieces: deterministic, plausible, without meaning. */
export function logprobsOf(pieces: readonly Piece[], alternatives: number): object {
  return { content: pieces.map((piece) => tokenLogprob(piece, alternatives)), refusal: null };
}

function tokenLogprob(piece: Piece, alternatives: number): object {
  const random = new Random('logprobs', piece.text);
  const chosen = candidate(piece.text, -random.next() / 4);
  const others = Array.from({ length: Math.max(0, alternatives - 1) }, (_, index) =>
    candidate(` ${random.pick(WORDS)}`, -1 - index - random.next()),
  );
  return { ...chosen, top_logprobs: alternatives > 0 ? [chosen, ...others] : [] };
}

function candidate(token: string, logprob: number): object {
  return { token, logprob, bytes: [...Buffer.from(token)] };
}
