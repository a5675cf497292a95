import { imageTokens, OTHER_MEDIA_TOKENS } from '../answers/media-tokens.js';
import type { PromptMessage } from '../answers/prompt-message.js';
import { InvalidField, oneOf, readArray, readRecord, readString, wrongType, type JsonRecord } from '../field.js';
import { jsonText } from '../json-text.js';

/** The `input` of a response. */
export interface ResponsesInput {
  readonly messages: readonly PromptMessage[];
  /** The calls that stand in it. */
  readonly callIds: readonly string[];
}

const readRole = oneOf('user', 'assistant', 'system', 'developer');

/**
 * Reads `input`: a text, or a list of items.
 *
 * @param earlierCalls calls of the conversation that it goes on with.
 * @throws InvalidField also where a result belongs to no call.
 */
export function readInput(value: unknown, earlierCalls: readonly string[]): ResponsesInput {
  if (typeof value === 'string') return { messages: [message('user', value)], callIds: [] };
  if (!Array.isArray(value)) throw wrongType('input', 'a string or an array of input items', value);
  const callIds: string[] = [];
  const messages = value.flatMap((entry: unknown, index) => {
    const path = `input[${index}]`;
    const item = readRecord(entry, path);
    switch (item['type']) {
      case undefined:
      case 'message':
        return [readMessage(item, path)];
      case 'function_call':
        callIds.push(readString(item['call_id'], `${path}.call_id`));
        return [
          functionCall(readString(item['name'], `${path}.name`), readString(item['arguments'], `${path}.arguments`)),
        ];
      case 'function_call_output':
        return [readOutput(item, path, [...earlierCalls, ...callIds])];
      case 'reasoning':
        return [];
      case 'item_reference':
        throw new InvalidField(`${path}.id`, `Item with id '${String(item['id'])}' not found.`);
      default:
        return [{ ...message('assistant', ''), annotations: [jsonText(item, path)] }];
    }
  });
  return { messages, callIds };
}

/** A call of the model as it stands in a later prompt. */
export function functionCall(name: string, args: string): PromptMessage {
  return { ...message('assistant', ''), annotations: [JSON.stringify({ name, arguments: args })] };
}

/** A message that is nothing but text. */
export function message(role: string, text: string): PromptMessage {
  return { role, text, annotations: [], mediaTokens: 0 };
}

function readMessage(item: JsonRecord, path: string): PromptMessage {
  const role = readRole(item['role'], `${path}.role`);
  return { ...message(role, ''), ...readContent(item['content'], `${path}.content`) };
}

function readOutput(item: JsonRecord, path: string, calls: readonly string[]): PromptMessage {
  const id = readString(item['call_id'], `${path}.call_id`);
  if (!calls.includes(id))
    throw new InvalidField('input', `No tool call found for function call output with call_id ${id}.`);
  return { ...message('tool', ''), ...readContent(item['output'], `${path}.output`) };
}

function readContent(content: unknown, path: string): Pick<PromptMessage, 'text' | 'mediaTokens'> {
  if (typeof content === 'string') return { text: content, mediaTokens: 0 };
  let text = '';
  let mediaTokens = 0;
  for (const [index, value] of readArray(content, path).entries()) {
    const partPath = `${path}[${index}]`;
    const part = readRecord(value, partPath);
    const type = readString(part['type'], `${partPath}.type`);
    if (type === 'input_text' || type === 'output_text') text += readString(part['text'], `${partPath}.text`);
    else if (type === 'refusal') text += readString(part['refusal'], `${partPath}.refusal`);
    else mediaTokens += type === 'input_image' ? imageTokens(part['detail']) : OTHER_MEDIA_TOKENS;
  }
  return { text, mediaTokens };
}
