import { InvalidField, oneOf, readArray, readRecord, readString, wrongType, type JsonRecord } from '../field.js';
import { jsonText } from '../json-text.js';

/** A message, as far as the simulator reads it. */
export interface ChatMessage {
  readonly role: string;
  /** All its text parts, joined. */
  readonly text: string;
  /** Name and tool calls: they count as prompt tokens. */
  readonly annotations: readonly string[];
  /** Tokens of its images, files and sounds. */
  readonly mediaTokens: number;
}

/** Tokens of an image in OpenAI's low resolution, and of a square of 1,024 pixels in its high one. */
const LOW_DETAIL_TOKENS = 85;
const HIGH_DETAIL_TOKENS = 765;

/** A flat count for sounds and files, which the simulator does not open. */
const OTHER_MEDIA_TOKENS = 100;

const readRole = oneOf('developer', 'system', 'user', 'assistant', 'tool', 'function');

/** Reads the `messages` of a chat completion. @throws InvalidField */
export function readMessages(value: unknown): readonly ChatMessage[] {
  const messages = readArray(value, 'messages');
  if (messages.length === 0) throw new InvalidField('messages', 'expected at least one message');
  return messages.map((message, index) => readMessage(message, `messages[${index}]`));
}

function readMessage(value: unknown, path: string): ChatMessage {
  const message = readRecord(value, path);
  const role = readRole(message['role'], `${path}.role`);
  const annotations = [message['name'], message['tool_calls'], message['function_call']]
    .filter((annotation) => annotation !== undefined && annotation !== null)
    .map((annotation) => jsonText(annotation, path));
  return { role, annotations, ...readContent(message['content'], role, `${path}.content`) };
}

function readContent(content: unknown, role: string, path: string): Pick<ChatMessage, 'text' | 'mediaTokens'> {
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
    else mediaTokens += type === 'image_url' ? imageTokens(record, `${path}[${index}]`) : OTHER_MEDIA_TOKENS;
  }
  return { text, mediaTokens };
}

function imageTokens(part: JsonRecord, path: string): number {
  const image = readRecord(part['image_url'], `${path}.image_url`);
  readString(image['url'], `${path}.image_url.url`);
  return image['detail'] === 'low' ? LOW_DETAIL_TOKENS : HIGH_DETAIL_TOKENS;
}
