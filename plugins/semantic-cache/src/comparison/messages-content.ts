import { isJsonObject, type Json, type JsonObject } from '@parsimony/contract';
import { GrowingCall, type AnswerContent, type ContentReader, type ToolCall } from './answer-content.js';

/** Reads Anthropic's messages: text blocks and tool uses; thoughts are no part of what is said. */
export class MessagesContent implements ContentReader {
  #text = '';
  readonly #whole: ToolCall[] = [];
  readonly #growing = new Map<Json | undefined, GrowingCall>();

  chunk(chunk: JsonObject): void {
    const block = chunk['content_block'];
    const delta = chunk['delta'];
    if (chunk['type'] === 'content_block_start' && isJsonObject(block)) {
      if (block['type'] === 'text') this.#say(block['text']);
      if (block['type'] === 'tool_use') this.#begin(chunk['index'], block['name']);
    }
    if (chunk['type'] === 'content_block_delta' && isJsonObject(delta)) {
      this.#say(delta['text']);
      const call = this.#growing.get(chunk['index']);
      if (call && typeof delta['partial_json'] === 'string') call.json += delta['partial_json'];
    }
  }

  body({ content }: JsonObject): void {
    if (!Array.isArray(content)) return;
    for (const block of content as readonly Json[]) {
      if (!isJsonObject(block)) continue;
      if (block['type'] === 'text') this.#say(block['text']);
      if (block['type'] === 'tool_use') {
        this.#whole.push({
          name: typeof block['name'] === 'string' ? block['name'] : '',
          arguments: block['input'] ?? {},
        });
      }
    }
  }

  content(): AnswerContent {
    const grown = [...this.#growing.values()];
    // A tool without parameters streams no JSON, and comes as `{}` in a whole answer.
    for (const call of grown) call.json ||= '{}';
    return { text: this.#text, calls: [...this.#whole, ...grown.map((call) => call.whole())] };
  }

  #say(text: Json | undefined): void {
    if (typeof text === 'string') this.#text += text;
  }

  #begin(index: Json | undefined, name: Json | undefined): void {
    const call = new GrowingCall();
    if (typeof name === 'string') call.name = name;
    this.#growing.set(index, call);
  }
}
