import { isJsonObject, type Json, type JsonObject } from '@parsimony/contract';
import { GrowingCall, type AnswerContent, type ContentReader } from './answer-content.js';

/** Reads chat completions: the first choice's text, or its refusal, and its tool calls. */
export class ChatContent implements ContentReader {
  #text = '';
  readonly #calls = new Map<Json | undefined, GrowingCall>();

  chunk(chunk: JsonObject): void {
    this.#read(chunk, 'delta');
  }

  body(body: JsonObject): void {
    this.#read(body, 'message');
  }

  content(): AnswerContent {
    return { text: this.#text, calls: [...this.#calls.values()].map((call) => call.whole()) };
  }

  #read({ choices }: JsonObject, field: 'delta' | 'message'): void {
    const [choice] = Array.isArray(choices) ? (choices as readonly Json[]) : [];
    if (!isJsonObject(choice) || !isJsonObject(choice[field])) return;
    const { content, refusal, tool_calls: calls } = choice[field];
    if (typeof content === 'string') this.#text += content;
    if (typeof refusal === 'string') this.#text += refusal;
    if (!Array.isArray(calls)) return;
    for (const [position, call] of (calls as readonly Json[]).entries()) {
      if (isJsonObject(call) && isJsonObject(call['function'])) this.#grow(call['index'] ?? position, call['function']);
    }
  }

  #grow(index: Json, { name, arguments: json }: JsonObject): void {
    const call = this.#calls.get(index) ?? new GrowingCall();
    if (typeof name === 'string') call.name += name;
    if (typeof json === 'string') call.json += json;
    this.#calls.set(index, call);
  }
}
