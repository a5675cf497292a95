import { hash } from 'node:crypto';
import { InvalidField } from '../field.js';
import type { Piece } from '../generation/piece.js';
import { prose } from '../generation/prose.js';
import { Random } from '../generation/random.js';
import { countTokens } from '../generation/tokens.js';
import type { Model } from '../models/model.js';
import { soundLength } from './sound-length.js';
import type { TranscriptionRequest } from './transcription-request.js';

/** A recording that was written down, before any of it is sent. */
export interface Transcript {
  /** Length of the recording in seconds. */
  readonly duration: number;
  readonly pieces: readonly Piece[];
  readonly language: string;
  /** Tokens of the caller's own prompt. */
  readonly promptTokens: number;
  readonly audioTokens: number;
}

const SHORTEST_SECONDS = 0.1;
const TOKENS_PER_SECOND_SAID = 2.5;
const AUDIO_TOKENS_PER_SECOND = 10;
const MOST_TOKENS = 2000;

/**
 * Writes a recording down in words without meaning, more the longer it is: a function of seed, key, model and request.
 *
 * @throws InvalidField where it is too short.
 */
export function transcribe(request: TranscriptionRequest, model: Model, key: string, seed: number): Transcript {
  const { file, prompt, language } = request;
  const duration = soundLength(file.bytes);
  if (duration < SHORTEST_SECONDS)
    throw new InvalidField('file', `Audio file is too short. Minimum audio length is ${SHORTEST_SECONDS} seconds.`);
  const random = new Random('transcript', seed, key, model.name, prompt, hash('sha256', file.bytes));
  const tokens = Math.min(MOST_TOKENS, Math.ceil(duration * TOKENS_PER_SECOND_SAID));
  return {
    duration,
    pieces: prose(tokens, random),
    language: language ?? 'english',
    promptTokens: countTokens(prompt),
    audioTokens: Math.ceil(duration * AUDIO_TOKENS_PER_SECOND),
  };
}
