import type { Json, JsonObject } from '@parsimony/contract';

/** A tool that an answer calls. */
export interface ToolCall {
  readonly name: string;
  /** Parsed where they are JSON, else the text. */
  readonly arguments: Json;
}

/** What an answer says, whatever the protocol and whether it was streamed. */
export interface AnswerContent {
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

/** Puts an answer together from what passes. */
export interface ContentReader {
  /** One event of a stream. */
  chunk(chunk: JsonObject): void;
  /** A whole answer. */
  body(body: JsonObject): void;
  content(): AnswerContent;
}

/** A call whose arguments arrive bit by bit. */
export class GrowingCall {
  name = '';
  json = '';

  whole(): ToolCall {
    return { name: this.name, arguments: parsed(this.json) };
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
