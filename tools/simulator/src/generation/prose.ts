import type { Piece } from './piece.js';
import type { Random } from './random.js';

/** Words that are one o200k_base token each behind a space, in lower case and with a capital, and at a text's beginning. */
export const WORDS: readonly string[] = (
  'the a this that each every some most other first second last next new good clear simple small large common local ' +
  'answer question system service request response model value result reason number level point case example part ' +
  'data time place list table line state user team group process change method function test report record account ' +
  'is was has can will may should must shows needs means uses works ' +
  'with from into over under after before between without about through against during and or but so then while when'
).split(' ');

/**
 * Prose of exactly so many tokens, one a piece. The words are a function of the random stream; they mean nothing.
 */
export function prose(tokens: number, random: Random): Piece[] {
  const pieces: Piece[] = [];
  let wordsLeft = 0;
  let begins = true;
  for (let index = 0; index < tokens; index += 1) {
    const isLast = index === tokens - 1 && index > 0;
    // Two full stops in a row would be one token: a sentence ends only where another word can follow.
    if (isLast || (!begins && wordsLeft <= 0 && index < tokens - 2)) {
      pieces.push({ text: '.', tokens: 1 });
      begins = true;
      continue;
    }
    const word = random.pick(WORDS);
    pieces.push({ text: (index === 0 ? '' : ' ') + (begins ? capitalised(word) : word), tokens: 1 });
    wordsLeft = begins ? random.integer(5, 13) : wordsLeft - 1;
    begins = false;
  }
  return pieces;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
