import type { Generated } from './generated.js';

/** One server-sent event and the tokens that were generated for it. */
export interface StreamEvent extends Generated {
  /** The event with the empty line that ends it. */
  readonly text: string;
}

/** The events of one streamed answer. */
export interface EventSource {
  /** How many events `content` yields. */
  readonly count: number;
  /** Everything but the end. */
  content(): Iterable<StreamEvent>;
  /** What ends the stream, in one text: it leaves once the answer has been charged. */
  closing(): string;
}

/** Of an address that does not stream. */
export const NO_EVENTS: EventSource = { count: 0, content: () => [], closing: () => '' };

export function streamEvent(text: string, output = 0, reasoning = 0): StreamEvent {
  return { text, output, reasoning };
}

/** An event that bears its name, as Anthropic's and those of OpenAI's newer addresses do. */
export function namedEvent(name: string, json: string): string {
  return `event: ${name}\ndata: ${json}\n\n`;
}
