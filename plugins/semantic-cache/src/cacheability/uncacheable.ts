/** Why no kept answer may be given to a call, and its answer not be kept. */
export type Uncacheable = keyof typeof WORDS;

const WORDS = {
  'no-store': 'the caller wants no cache',
  operation: 'answers of this kind are not kept',
  temperature: 'its temperature is above the limit',
  stateful: 'it belongs to a conversation or a task that the provider keeps',
  'audio-answer': 'it asks for sound',
  'provider-tools': 'the provider itself may use tools for it, whose results change',
  'volatile-tools': 'it holds the result of a volatile tool',
  'inexact-number': 'it holds a number that cannot be told from its neighbours',
} as const;

/** The reason in words, for the call's record. */
export function uncacheableInWords(reason: Uncacheable): string {
  return `not cached: ${WORDS[reason]}`;
}
