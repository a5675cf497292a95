import { textOf } from '../generation/piece.js';
import { streamEvent, type EventSource, type StreamEvent } from '../streaming/stream-event.js';
import type { Transcript } from './transcript.js';

/** Writes a transcript as `transcript.text.delta` events. */
export class TranscriptEvents implements EventSource {
  constructor(
    readonly transcript: Transcript,
    readonly usage: object,
  ) {}

  get count(): number {
    return this.transcript.pieces.length;
  }

  *content(): Generator<StreamEvent> {
    for (const { text, tokens } of this.transcript.pieces)
      yield event({ type: 'transcript.text.delta', delta: text }, tokens);
  }

  closing(): string {
    return event({ type: 'transcript.text.done', text: textOf(this.transcript.pieces), usage: this.usage }, 0).text;
  }
}

function event(data: object, tokens: number): StreamEvent {
  return streamEvent(`data: ${JSON.stringify(data)}\n\n`, tokens);
}
