import { InvalidField, nullable, oneOf, readString, type JsonRecord } from '../field.js';
import { UploadedFile } from '../multipart.js';

export type TranscriptFormat = 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt';

/** A request to write a recording down, checked. */
export interface TranscriptionRequest {
  readonly model: string;
  readonly file: UploadedFile;
  readonly prompt: string;
  readonly language: string | null;
  readonly format: TranscriptFormat;
  readonly stream: boolean;
  readonly withWords: boolean;
}

const MOST_BYTES = 25 * 1024 * 1024;
const FILE_FORMATS = ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm'];
const readFormat = nullable(oneOf('json', 'text', 'srt', 'verbose_json', 'vtt'));
const readText = nullable(readString);

/** Reads the form of `POST /v1/audio/transcriptions` or `/translations`. @throws InvalidField */
export function readTranscriptionRequest(form: JsonRecord): TranscriptionRequest {
  const model = readString(form['model'], 'model');
  const format = readFormat(form['response_format'], 'response_format') ?? 'json';
  // Only whisper-1 knows when each word was said, and it alone does not stream.
  const isWhisper = model.startsWith('whisper');
  if (!isWhisper && format !== 'json' && format !== 'text')
    throw new InvalidField(
      'response_format',
      `response_format '${format}' is not compatible with model '${model}'. Use 'json' or 'text' instead.`,
    );
  return {
    model,
    file: readFile(form['file']),
    prompt: readText(form['prompt'], 'prompt') ?? '',
    language: readText(form['language'], 'language'),
    format,
    stream: !isWhisper && nullable(oneOf('true', 'false'))(form['stream'], 'stream') === 'true',
    withWords: [form['timestamp_granularities']].flat().includes('word'),
  };
}

function readFile(value: unknown): UploadedFile {
  if (!(value instanceof UploadedFile)) throw new InvalidField('file', 'is missing: expected a file', true);
  const extension = value.name.split('.').at(-1)?.toLowerCase() ?? '';
  if (!FILE_FORMATS.includes(extension))
    throw new InvalidField('file', `Invalid file format. Supported formats: ${JSON.stringify(FILE_FORMATS)}`);
  if (value.bytes.length > MOST_BYTES)
    throw new InvalidField(
      'file',
      `Maximum content size limit (${MOST_BYTES}) exceeded (${value.bytes.length} bytes read)`,
    );
  return value;
}
