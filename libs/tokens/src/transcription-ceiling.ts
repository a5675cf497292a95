import type { TranscriptionBody } from '@parsimony/contract';
import { TEMPLATE_TOKENS } from './prompt-frame.js';

/** Opus at 6 kbit/s, its lowest rate (RFC 6716, 2.1.1); every other format that is taken has more. */
const FEWEST_BYTES_PER_SECOND = 750;
/** Groq bills every recording as at least so long. */
const SECONDS_AT_LEAST = 10;
/** OpenAI gives 0.006 USD a minute at 6 USD per million tokens of sound, which is 16.7 a second. */
const SOUND_TOKENS_PER_SECOND = 20;
/** The fastest speech has six words a second; a word of a script that tokenisers know badly has several tokens. */
const TEXT_TOKENS_PER_SECOND = 16;
const TEXT_TOKENS_AT_LEAST = 2048;

/**
 * Upper bounds of a transcription by the length of its form: its sound is not decoded. A recording that is encoded below
 * the lowest rate of its format, such as silence that is left out, may be longer.
 *
 * @param formBytes length of the form, recording included.
 */
export function transcriptionCeilings(
  { prompt }: TranscriptionBody,
  formBytes: number,
): { inputTokens: number; outputTokens: number; seconds: number } {
  const promptBytes = typeof prompt === 'string' ? Buffer.byteLength(prompt) : 0;
  const seconds = Math.max(SECONDS_AT_LEAST, Math.ceil(formBytes / FEWEST_BYTES_PER_SECOND) + 1);
  return {
    seconds,
    inputTokens: SOUND_TOKENS_PER_SECOND * seconds + promptBytes + TEMPLATE_TOKENS,
    outputTokens: TEXT_TOKENS_AT_LEAST + TEXT_TOKENS_PER_SECOND * seconds,
  };
}
