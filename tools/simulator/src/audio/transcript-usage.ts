import { NO_TOKENS, type BilledTokens } from '../bill.js';
import { tokensOf } from '../generation/piece.js';
import type { Model } from '../models/model.js';
import type { Transcript } from './transcript.js';

/** Whether the model is priced by the second of sound. */
function isTimed({ price }: Model): boolean {
  return price.seconds !== undefined;
}

/** Begun seconds count in full. */
function secondsOf({ duration }: Transcript): number {
  return Math.ceil(duration);
}

/** What is charged after so many tokens of text: seconds where the model is priced by them, otherwise tokens. */
export function billedTranscript(model: Model, transcript: Transcript, output: number): BilledTokens {
  if (isTimed(model)) return { ...NO_TOKENS, seconds: secondsOf(transcript) };
  return { ...NO_TOKENS, input: transcript.promptTokens, inputAudio: transcript.audioTokens, output };
}

/** OpenAI's `usage` of a whole transcript. */
export function usageOf(model: Model, transcript: Transcript): object {
  if (isTimed(model)) return { type: 'duration', seconds: secondsOf(transcript) };
  const { promptTokens, audioTokens, pieces } = transcript;
  const output = tokensOf(pieces);
  return {
    type: 'tokens',
    total_tokens: promptTokens + audioTokens + output,
    input_tokens: promptTokens + audioTokens,
    input_token_details: { text_tokens: promptTokens, audio_tokens: audioTokens },
    output_tokens: output,
  };
}
