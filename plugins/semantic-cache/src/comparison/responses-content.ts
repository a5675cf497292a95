import { isJsonObject, type Json, type JsonObject } from '@parsimony/contract';
import { textOf } from '../questions/text-of.js';
import { GrowingCall, type AnswerContent, type ContentReader, type ToolCall } from './answer-content.js';

/** Reads Responses: the text of messages and the calls of functions. The last event of a stream holds all of it. */
export class ResponsesContent implements ContentReader {
  #text = '';
  readonly #calls: ToolCall[] = [];

  chunk(chunk: JsonObject): void {
    if (chunk['type'] === 'response.completed' && isJsonObject(chunk['response'])) this.body(chunk['response']);
  }

  body({ output }: JsonObject): void {
    if (!Array.isArray(output)) return;
    for (const item of output as readonly Json[]) {
      if (!isJsonObject(item)) continue;
      if (item['type'] === 'message') this.#text += textOf(item['content']) ?? '';
      if (item['type'] === 'function_call') this.#calls.push(callOf(item));
    }
  }

  content(): AnswerContent {
    return { text: this.#text, calls: this.#calls };
  }
}

function callOf({ name, arguments: json }: JsonObject): ToolCall {
  const call = new GrowingCall();
  if (typeof name === 'string') call.name = name;
  if (typeof json === 'string') call.json = json;
  return call.whole();
}
