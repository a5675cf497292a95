import { InvalidField, oneOf, readArray, readRecord, readString, wrongType, type JsonRecord } from '../field.js';
import { jsonText } from '../json-text.js';
import { imageTokens, OTHER_MEDIA_TOKENS } from '../answers/media-tokens.js';
import type { PromptMessage } from '../answers/prompt-message.js';

const readRole = oneOf('developer', 'system', 'user', 'assistant', 'tool', 'function');

/** Reads the `messages` of a chat completion. @throws InvalidField */
export function readMessages(value: unknown): readonly PromptMessage[] {
  const messages = readArray(value, 'messages');
  if (messages.length === 0) throw new InvalidField('messages', 'expected at least one message');
  return messages.map((message, index) => readMessage(message, `messages[${index}]`));
}

function readMessage(value: unknown, path: string): PromptMessage {
  const message = readRecord(value, path);
  const role = readRole(message['role'], `${path}.role`);
  const annotations = [message['name'], message['tool_calls'], message['function_call']]
    .filter((annotation) => annotation !== undefined && annotation !== null)
    .map((annotation) => jsonText(annotation, path));
  return { role, annotations, ...readContent(message['content'], role, `${path}.content`) };
}

function readContent(content: unknown, role: string, path: string): Pick<PromptMessage, 'text' | 'mediaTokens'> {
  if (typeof content === 'string') return { text: content, mediaTokens: 0 };
  // An assistant that called a tool has said nothing.
  if ((content === null || content === undefined) && role === 'assistant') return { text: '', mediaTokens: 0 };
  if (!Array.isArray(content)) throw wrongType(path, 'a string or an array of content parts', content);
  let text = '';
  let mediaTokens = 0;
  for (const [index, part] of content.entries()) {
    const record = readRecord(part, `${path}[${index}]`);
    const type = readString(record['type'], `${path}[${index}].type`);
    if (type === 'text' || type === 'refusal') text += readString(record[type], `${path}[${index}].${type}`);
    else mediaTokens += type === 'image_url' ? tokensOfImage(record, `${path}[${index}]`) : OTHER_MEDIA_TOKENS;
  }
  return { text, mediaTokens };
}

function tokensOfImage(part: JsonRecord, path: string): number {
  const image = readRecord(part['image_url'], `${path}.image_url`);
  readString(image['url'], `${path}.image_url.url`);
  return imageTokens(image['detail']);
}
