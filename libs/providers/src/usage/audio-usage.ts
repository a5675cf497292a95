import { isJsonObject, NO_USAGE } from '@parsimony/contract';
import type { JsonObject, Usage } from '@parsimony/contract';
import { isCount, member, tokenBuckets } from './token-buckets.js';

/**
 * The usage of a transcription or translation: tokens, or seconds of sound where the model is priced by them
 * (OpenAI API reference, `TranscriptTextUsageTokens`, `TranscriptTextUsageDuration`, `duration` of verbose JSON;
 * Mistral API reference, `prompt_audio_seconds`).
 *
 * @returns null where the answer says neither, or something that cannot be true.
 */
export function transcriptionUsage(answer: JsonObject): Usage | null {
  const usage = answer['usage'];
  if (!isJsonObject(usage)) return secondsUsage(answer['duration']);
  // Mistral reports tokens as well; it bills this endpoint by the minute.
  const seconds = usage['prompt_audio_seconds'] ?? usage['seconds'];
  if (seconds !== undefined && seconds !== null) return secondsUsage(seconds);
  return tokenBuckets(
    {
      prompt: usage['input_tokens'] ?? usage['prompt_tokens'],
      completion: usage['output_tokens'] ?? usage['completion_tokens'],
      total: undefined,
      cached: undefined,
      cacheWritten: undefined,
      inputAudio: member(usage['input_token_details'] ?? usage['prompt_tokens_details'], 'audio_tokens'),
      reasoning: undefined,
      outputAudio: undefined,
    },
    'inside',
  );
}

/** The usage of speech that comes as events: text in, sound out (OpenAI API reference, `SpeechAudioDoneEvent`). */
export function speechUsage(usage: unknown): Usage | null {
  const input = member(usage, 'input_tokens');
  const outputAudio = member(usage, 'output_tokens');
  return isCount(input) && isCount(outputAudio) ? { ...NO_USAGE, input, outputAudio } : null;
}

/** A begun second counts as a whole one. */
function secondsUsage(seconds: unknown): Usage | null {
  if (typeof seconds !== 'number') return null;
  const whole = Math.ceil(seconds);
  return isCount(whole) ? { ...NO_USAGE, seconds: whole } : null;
}
