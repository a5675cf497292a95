import { textOf } from '../generation/piece.js';
import { segmentsOf, wordsOf, type Segment } from './segment.js';
import type { Transcript } from './transcript.js';
import type { TranscriptionRequest } from './transcription-request.js';

/** The body of an answer that does not stream. @param usage null: this address says none. */
export function transcriptBody(
  { format, withWords }: TranscriptionRequest,
  transcript: Transcript,
  task: 'transcribe' | 'translate',
  usage: object | null,
): string {
  const text = textOf(transcript.pieces);
  const segments = segmentsOf(transcript);
  switch (format) {
    case 'json':
      return JSON.stringify({ text, ...(usage && { usage }) });
    case 'verbose_json':
      return JSON.stringify({
        task,
        language: transcript.language,
        duration: transcript.duration,
        text,
        segments: segments.map(segmentObject),
        ...(withWords && { words: wordsOf(transcript) }),
        ...(usage && { usage }),
      });
    case 'text':
      return `${text}\n`;
    case 'srt':
      return segments.map((segment, index) => `${index + 1}\n${cue(segment, ',')}\n\n`).join('');
    case 'vtt':
      return `WEBVTT\n\n${segments.map((segment) => `${cue(segment, '.')}\n\n`).join('')}`;
  }
}

/** What HTTP calls the format. */
export function contentTypeOf({ format }: TranscriptionRequest): string {
  return format === 'json' || format === 'verbose_json' ? 'application/json' : 'text/plain; charset=utf-8';
}

function segmentObject({ start, end, text }: Segment, id: number): object {
  return {
    id,
    seek: 0,
    start,
    end,
    text,
    tokens: [],
    temperature: 0,
    avg_logprob: -0.25,
    compression_ratio: 1.25,
    no_speech_prob: 0.01,
  };
}

function cue({ start, end, text }: Segment, point: string): string {
  return `${clock(start, point)} --> ${clock(end, point)}\n${text.trim()}`;
}

/** `00:01:02,345`. */
function clock(seconds: number, point: string): string {
  const time = new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
  return time.replace('.', point);
}
