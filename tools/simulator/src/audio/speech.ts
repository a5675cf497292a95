import type { BilledTokens } from '../bill.js';
import { NO_TOKENS } from '../bill.js';
import { Random } from '../generation/random.js';
import { countTokens } from '../generation/tokens.js';
import type { Model } from '../models/model.js';
import { charactersOf, type SpeechRequest } from './speech-request.js';
import { soundOf } from './sound.js';

/** A spoken text, before any of it is sent. */
export interface Speech {
  readonly sound: Buffer;
  readonly inputTokens: number;
  /** Tokens of the whole sound. */
  readonly audioTokens: number;
  readonly characters: number;
}

/** Far quicker than anybody speaks: what matters is small. */
const SECONDS_PER_CHARACTER = 0.02;
const AUDIO_TOKENS_PER_SECOND = 20;

/** Speaks a text: how long and how high is a function of seed, key, model and request. */
export function speak(request: SpeechRequest, model: Model, key: string, seed: number): Speech {
  const { input, instructions, format, speed } = request;
  const characters = charactersOf(input);
  const seconds = (characters * SECONDS_PER_CHARACTER) / speed;
  return {
    sound: soundOf(seconds, format, new Random('speech', seed, key, model.name, instructions, input)),
    inputTokens: countTokens(input) + countTokens(instructions),
    audioTokens: Math.ceil(seconds * AUDIO_TOKENS_PER_SECOND),
    characters,
  };
}

/** What is charged after so many audio tokens: characters where the model is priced by them, otherwise tokens. */
export function billedSpeech({ price }: Model, { characters, inputTokens }: Speech, audioTokens: number): BilledTokens {
  if (price.characters !== undefined) return { ...NO_TOKENS, characters };
  return { ...NO_TOKENS, input: inputTokens, outputAudio: audioTokens };
}
