import { isJsonObject } from '@parsimony/contract';
import type { EmbeddingsBody, Json, JsonObject, ReplyAnswer, ReplyDelta } from '@parsimony/contract';

/** The text that a provider has generated as far as it was seen, for counting where no usage was reported. */
export function seenText(events: readonly (ReplyDelta | ReplyAnswer)[]): string {
  return events
    .flatMap((event) => (event.type === 'answer' ? [event.body] : readableChunks(event)))
    .map(textOf)
    .join('');
}

/** The texts of an embeddings request; inputs that are token numbers have none. */
export function embeddedText({ input }: EmbeddingsBody): string {
  return [input]
    .flat()
    .filter((text) => typeof text === 'string')
    .join('\n');
}

function readableChunks(delta: ReplyDelta): readonly JsonObject[] {
  try {
    return delta.chunks;
  } catch {
    return [];
  }
}

function textOf(body: JsonObject): string {
  const { choices } = body;
  return Array.isArray(choices) ? choices.map((choice: Json) => choiceText(choice)).join('') : '';
}

function choiceText(choice: Json): string {
  if (!isJsonObject(choice)) return '';
  const message = choice['delta'] ?? choice['message'];
  if (!isJsonObject(message)) return '';
  const { content, tool_calls: toolCalls } = message;
  const called = Array.isArray(toolCalls) ? toolCalls.map(functionText) : [];
  return [typeof content === 'string' ? content : '', ...called].join('');
}

function functionText(toolCall: Json): string {
  const called = isJsonObject(toolCall) ? toolCall['function'] : undefined;
  if (!isJsonObject(called)) return '';
  return [called['name'], called['arguments']].filter((part) => typeof part === 'string').join('');
}
