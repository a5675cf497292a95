import { InvalidField, isJsonRecord, nullable, numberBetween, oneOf, readString, type JsonRecord } from '../field.js';
import { SOUND_TYPES, type SoundFormat } from './sound.js';

/** A request to speak, checked. */
export interface SpeechRequest {
  readonly model: string;
  readonly input: string;
  readonly instructions: string;
  readonly format: SoundFormat;
  readonly speed: number;
  readonly asEvents: boolean;
}

const MOST_CHARACTERS = 4096;
const VOICES = [
  'alloy',
  'ash',
  'ballad',
  'cedar',
  'coral',
  'echo',
  'fable',
  'marin',
  'nova',
  'onyx',
  'sage',
  'shimmer',
  'verse',
];
const readVoice = oneOf(...VOICES);
const readFormat = nullable(oneOf(...(Object.keys(SOUND_TYPES) as SoundFormat[])));
const readStreamFormat = nullable(oneOf('audio', 'sse'));

/** Reads the body of `POST /v1/audio/speech`. @throws InvalidField */
export function readSpeechRequest(body: JsonRecord): SpeechRequest {
  const model = readString(body['model'], 'model');
  const input = readString(body['input'], 'input');
  const length = charactersOf(input);
  if (length === 0) throw new InvalidField('input', 'String should have at least 1 character');
  if (length > MOST_CHARACTERS)
    throw new InvalidField('input', `String should have at most ${MOST_CHARACTERS} characters`);
  if (isJsonRecord(body['voice'])) readString(body['voice']['id'], 'voice.id');
  else readVoice(body['voice'], 'voice');
  const asEvents = readStreamFormat(body['stream_format'], 'stream_format') === 'sse';
  if (asEvents && model.startsWith('tts-'))
    throw new InvalidField('stream_format', `'sse' is not supported for ${model}`);
  return {
    model,
    input,
    instructions: nullable(readString)(body['instructions'], 'instructions') ?? '',
    format: readFormat(body['response_format'], 'response_format') ?? 'mp3',
    speed: nullable(numberBetween(0.25, 4))(body['speed'], 'speed') ?? 1,
    asEvents,
  };
}

/** Unicode code points: an emoji outside the basic plane is one. */
export function charactersOf(text: string): number {
  return Array.from(text).length;
}
