import type { PromptMessage } from '../answers/prompt-message.js';
import type { ResponseFormat } from '../answers/wish.js';
import { isJsonRecord, nullable, oneOf, readRecord, readString, type JsonRecord } from '../field.js';
import { countTokens } from '../generation/tokens.js';
import { jsonText } from '../json-text.js';
import { checkCacheMarks, markLast, readCacheMark } from './cache-mark.js';
import { readContent, type ContentBlock } from './content-block.js';
import { readConversation, type Message } from './conversation.js';
import { readTools, readToolChoice, type ToolChoice } from './messages-tools.js';
import { textBlock, TOKENS_PER_MESSAGE, type PromptBlock } from './prompt-block.js';
import { readThinking, type Thinking } from './thinking.js';

/** What `/v1/messages` and `/v1/messages/count_tokens` have in common. */
export interface MessagesPrompt extends ToolChoice {
  readonly model: string;
  /** In the order in which prefixes are cached: tools, system, messages. */
  readonly blocks: readonly PromptBlock[];
  readonly messages: readonly PromptMessage[];
  readonly responseFormat: ResponseFormat;
  readonly definitions: string;
  readonly thinking: Thinking;
}

/** Reads the prompt of a request. @throws InvalidField, AnthropicError */
export function readMessagesPrompt(body: JsonRecord): MessagesPrompt {
  const model = readString(body['model'], 'model');
  const tools = readTools(body['tools']);
  const system = nullable(readContent)(body['system'], 'system') ?? [];
  const conversation = readConversation(body['messages']);
  const responseFormat = readOutputFormat(body);
  const schema = responseFormat.kind === 'json_schema' ? jsonText(responseFormat.schema, 'output_config.format') : '';
  const blocks = markLast(
    [
      ...(schema === '' ? [] : [textBlock(`schema:${schema}`, schema, null)]),
      ...tools.blocks,
      ...system.map((block) => contentBlock('system', block, 0)),
      ...conversation.flatMap(messageBlocks),
    ],
    readCacheMark(body['cache_control'], 'cache_control'),
  );
  checkCacheMarks(blocks);
  return {
    model,
    blocks,
    ...readToolChoice(body['tool_choice'], tools),
    messages: [...system.map((block) => promptMessage('system', [block])), ...conversation.flatMap(promptMessages)],
    responseFormat,
    definitions: jsonText(body['tools'], 'tools') + schema,
    thinking: readThinking(body['thinking']),
  };
}

/** `output_config.format`, or `output_format` as it was called before. */
function readOutputFormat(body: JsonRecord): ResponseFormat {
  const config = nullable(readRecord)(body['output_config'], 'output_config') ?? {};
  const format = config['format'] ?? body['output_format'];
  if (!isJsonRecord(format)) return { kind: 'text' };
  oneOf('json_schema')(format['type'], 'output_config.format.type');
  return { kind: 'json_schema', schema: readRecord(format['schema'], 'output_config.format.schema') };
}

function messageBlocks({ role, blocks }: Message): PromptBlock[] {
  return blocks.map((block, index) => contentBlock(role, block, index === 0 ? TOKENS_PER_MESSAGE : 0));
}

function contentBlock(role: string, block: ContentBlock, frame: number): PromptBlock {
  const { identity, text, mediaTokens, mark } = block;
  return { identity: `${role}:${frame}:${identity}`, tokens: countTokens(text) + mediaTokens + frame, mark };
}

/** Tool results stand in the user's message; for what is answered they come from a tool, before what the user adds. */
function promptMessages({ role, blocks }: Message): PromptMessage[] {
  const results = blocks.filter(({ type }) => type === 'tool_result');
  const others = blocks.filter(({ type }) => type !== 'tool_result');
  return [
    ...(results.length > 0 ? [promptMessage('tool', results)] : []),
    ...(others.length > 0 ? [promptMessage(role, others)] : []),
  ];
}

function promptMessage(role: string, blocks: readonly ContentBlock[]): PromptMessage {
  const isText = ({ type }: ContentBlock): boolean => type === 'text';
  return {
    role,
    text: blocks
      .filter(isText)
      .map(({ text }) => text)
      .join(''),
    annotations: blocks.filter((block) => !isText(block)).map(({ type, text }) => `${type}:${text}`),
    mediaTokens: blocks.reduce((total, block) => total + block.mediaTokens, 0),
  };
}
