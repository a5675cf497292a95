import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';

interface StreamedToolCall {
  id: string | undefined;
  type: string | undefined;
  name: string;
  arguments: string;
}

class StreamedChoice {
  role = 'assistant';
  content: string | null = null;
  refusal: string | null = null;
  finishReason: string | null = null;
  readonly toolCalls = new Map<number, StreamedToolCall>();

  add(choice: JsonObject): void {
    if (typeof choice['finish_reason'] === 'string') this.finishReason = choice['finish_reason'];
    const { delta } = choice;
    if (!isJsonObject(delta)) return;
    if (typeof delta['role'] === 'string') this.role = delta['role'];
    if (typeof delta['content'] === 'string') this.content = (this.content ?? '') + delta['content'];
    if (typeof delta['refusal'] === 'string') this.refusal = (this.refusal ?? '') + delta['refusal'];
    for (const part of objects(delta['tool_calls'])) this.#addToolCall(part);
  }

  toChoice(index: number): JsonObject {
    const { role, content, refusal, finishReason, toolCalls } = this;
    const calls = [...toolCalls.values()].map(({ id, type, name, arguments: text }) => ({
      id,
      type: type ?? 'function',
      function: { name, arguments: text },
    }));
    const message = { role, content, refusal, ...(calls.length > 0 && { tool_calls: calls }) };
    return { index, message, finish_reason: finishReason };
  }

  #addToolCall(part: JsonObject): void {
    const index = numberOf(part['index']);
    const call = this.toolCalls.get(index) ?? { id: undefined, type: undefined, name: '', arguments: '' };
    this.toolCalls.set(index, call);
    if (typeof part['id'] === 'string') call.id = part['id'];
    if (typeof part['type'] === 'string') call.type = part['type'];
    const { function: called } = part;
    if (!isJsonObject(called)) return;
    if (typeof called['name'] === 'string') call.name += called['name'];
    if (typeof called['arguments'] === 'string') call.arguments += called['arguments'];
  }
}

/**
 * Puts the chunks of a streamed chat completion together to the object that the same call would have answered whole, as
 * OpenAI describes both (https://platform.openai.com/docs/api-reference/chat-streaming).
 */
export class StreamedAnswer {
  #head: JsonObject = {};
  #usage: Json | undefined;
  readonly #choices = new Map<number, StreamedChoice>();

  add(chunk: JsonObject): void {
    const { choices, usage, object: _object, ...head } = chunk;
    this.#head = { ...this.#head, ...head };
    if (isJsonObject(usage)) this.#usage = usage;
    for (const choice of objects(choices)) {
      const index = numberOf(choice['index']);
      const streamed = this.#choices.get(index) ?? new StreamedChoice();
      this.#choices.set(index, streamed);
      streamed.add(choice);
    }
  }

  toCompletion(): JsonObject {
    const choices = [...this.#choices].sort(([a], [b]) => a - b).map(([index, choice]) => choice.toChoice(index));
    return {
      ...this.#head,
      object: 'chat.completion',
      choices,
      ...(this.#usage !== undefined && { usage: this.#usage }),
    };
  }
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}
