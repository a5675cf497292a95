import type { SpeechBody } from '@parsimony/contract';
import { TEMPLATE_TOKENS } from './prompt-frame.js';

/**
 * Tokens of sound for each character that is spoken. OpenAI gives 0.015 USD a minute at 12 USD per million tokens, which
 * is 1,250 tokens for some 900 characters; a quarter of the speed makes it 5.6 a character, and pauses are not text.
 */
const SOUND_TOKENS_PER_CHARACTER = 16;
const SOUND_TOKENS_AT_LEAST = 1250;

/** Upper bounds of a text that is to be spoken, whichever way its model is priced. */
export function speechCeilings(body: SpeechBody): { inputTokens: number; outputTokens: number; characters: number } {
  const { input, instructions } = body;
  const instructed = typeof instructions === 'string' ? Buffer.byteLength(instructions) : 0;
  return {
    inputTokens: Buffer.byteLength(input) + instructed + TEMPLATE_TOKENS,
    outputTokens: SOUND_TOKENS_AT_LEAST + SOUND_TOKENS_PER_CHARACTER * input.length,
    // UTF-16 units: never fewer than characters, and known at once.
    characters: input.length,
  };
}

/** Characters of a text as OpenAI counts them: Unicode code points, so that an emoji is one and not two. */
export function spokenCharacters({ input }: SpeechBody): number {
  let characters = 0;
  for (const _ of input) characters++;
  return characters;
}
