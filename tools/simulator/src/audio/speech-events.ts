import { streamEvent, type EventSource, type StreamEvent } from '../streaming/stream-event.js';
import type { Speech } from './speech.js';

const EVENTS = 8;

/** Writes a spoken text as `speech.audio.delta` events. */
export class SpeechEvents implements EventSource {
  readonly count = EVENTS;

  constructor(readonly speech: Speech) {}

  *content(): Generator<StreamEvent> {
    for (const { bytes, tokens } of partsOf(this.speech, EVENTS))
      yield event({ type: 'speech.audio.delta', audio: bytes.toString('base64') }, tokens);
  }

  closing(): string {
    const { inputTokens, audioTokens } = this.speech;
    const usage = {
      input_tokens: inputTokens,
      output_tokens: audioTokens,
      total_tokens: inputTokens + audioTokens,
    };
    return event({ type: 'speech.audio.done', usage }, 0).text;
  }
}

/** A sound in so many parts, with the tokens of each. */
export function partsOf({ sound, audioTokens }: Speech, count: number): { bytes: Buffer; tokens: number }[] {
  const share = (whole: number, index: number): number => Math.floor((whole * index) / count);
  return Array.from({ length: count }, (_, index) => ({
    bytes: sound.subarray(share(sound.length, index), share(sound.length, index + 1)),
    tokens: share(audioTokens, index + 1) - share(audioTokens, index),
  }));
}

function event(data: object, tokens: number): StreamEvent {
  return streamEvent(`data: ${JSON.stringify(data)}\n\n`, tokens);
}
