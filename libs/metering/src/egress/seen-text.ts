import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';

/** The text in a chat completion, or in a chunk of one. */
export function chatText({ choices }: JsonObject): string {
  return objects(choices)
    .map((choice) => {
      const message = choice['delta'] ?? choice['message'];
      if (!isJsonObject(message)) return '';
      const calls = objects(message['tool_calls']).map(({ function: called }) =>
        isJsonObject(called) ? strings(called['name'], called['arguments']) : '',
      );
      return strings(message['content']) + calls.join('');
    })
    .join('');
}

/** Events that bring a part of what is generated; those that repeat it whole at its end are not among them. */
const RESPONSES_DELTAS = /^response\.(?:output_text|refusal|reasoning_text|\w+_call_(?:arguments|input|code))\.delta$/;

/** The text in an object of the Responses API, or in an event of its stream. */
export function responsesText({ type, delta, item, output }: JsonObject): string {
  if (typeof type === 'string') {
    if (RESPONSES_DELTAS.test(type)) return strings(delta);
    return type === 'response.output_item.added' && isJsonObject(item) ? strings(item['name']) : '';
  }
  return objects(output)
    .map(({ name, arguments: called, input, content }) => {
      const parts = objects(content).map(({ text, refusal }) => strings(text, refusal));
      return strings(name, called, input) + parts.join('');
    })
    .join('');
}

/** The text in a message of Anthropic's, or in an event of its stream. */
export function messagesText({ type, delta, content_block: begun, content }: JsonObject): string {
  if (type === 'content_block_delta' && isJsonObject(delta))
    return strings(delta['text'], delta['thinking'], delta['partial_json']);
  if (type === 'content_block_start' && isJsonObject(begun)) return strings(begun['name'], begun['text']);
  return objects(content)
    .map(
      ({ text, thinking, name, input }) =>
        strings(text, thinking, name) + (isJsonObject(input) ? JSON.stringify(input) : ''),
    )
    .join('');
}

/** The text in a transcript, or in an event of its stream. */
export function transcriptText({ type, text, delta }: JsonObject): string {
  if (type === undefined) return strings(text);
  return type === 'transcript.text.delta' ? strings(delta) : '';
}

function strings(...values: readonly (Json | undefined)[]): string {
  return values.filter((value) => typeof value === 'string').join('');
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}
