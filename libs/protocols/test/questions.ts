import type { JsonObject } from '@parsimony/contract';
import type { TranslationOptions } from '../src/translation.js';

export const OPTIONS: TranslationOptions = {
  model: 'a-model',
  now: 1_795_478_400_123,
  callId: '01936000-0000-7000-8000-000000000001',
};

/** The least that each protocol asks for. */
export const CHAT_QUESTION: JsonObject = { model: 'm', messages: [{ role: 'user', content: 'Name a prime number.' }] };
export const MESSAGES_QUESTION: JsonObject = { ...CHAT_QUESTION, max_tokens: 100 };
