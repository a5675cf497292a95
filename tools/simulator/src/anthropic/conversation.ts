import { InvalidField, readArray, readRecord } from '../field.js';
import { invalidRequest } from './anthropic-error.js';
import { readContent, type ContentBlock } from './content-block.js';

/** A message of a conversation, checked. */
export interface Message {
  readonly role: 'user' | 'assistant';
  readonly blocks: readonly ContentBlock[];
}

/** Reads `messages` and checks that tool calls and results answer one another. @throws InvalidField, AnthropicError */
export function readConversation(value: unknown): readonly Message[] {
  const messages = readArray(value, 'messages').map(readMessage);
  if (messages.length === 0) throw new InvalidField('messages', 'at least one message is required');
  if (messages[0]?.role !== 'user') throw invalidRequest('messages: first message must use the "user" role');
  for (const [index, message] of messages.entries()) {
    checkContent(message, index, index === messages.length - 1);
    checkToolResults(message, messages[index - 1], index);
    checkToolCalls(message, messages[index + 1], index);
  }
  return messages;
}

function readMessage(value: unknown, index: number): Message {
  const path = `messages[${index}]`;
  const { role, content } = readRecord(value, path);
  if (role === 'system')
    throw invalidRequest(
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    );
  if (role !== 'user' && role !== 'assistant')
    throw new InvalidField(`${path}.role`, "Input should be 'user' or 'assistant'", role === undefined);
  return { role, blocks: readContent(content, `${path}.content`) };
}

function checkContent({ role, blocks }: Message, index: number, isLast: boolean): void {
  const last = blocks.at(-1);
  const isEmpty = blocks.every(({ type, text }) => type === 'text' && text === '');
  if (isEmpty && !(isLast && role === 'assistant'))
    throw invalidRequest(
      `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
    );
  if (isLast && role === 'assistant' && last?.type === 'text' && /\s$/.test(last.text))
    throw invalidRequest('messages: final assistant content cannot end with trailing whitespace');
  const misplaced = role === 'user' ? 'tool_use' : 'tool_result';
  if (blocks.some(({ type }) => type === misplaced))
    throw invalidRequest(
      `messages.${index}: \`${misplaced}\` blocks can only be in \`${role === 'user' ? 'assistant' : 'user'}\` messages`,
    );
}

function checkToolResults(message: Message, before: Message | undefined, index: number): void {
  const called = idsOf(before, 'tool_use');
  for (const [position, block] of message.blocks.entries())
    if (block.type === 'tool_result' && !called.includes(block.toolUseId))
      throw invalidRequest(
        `messages.${index}.content.${position}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${block.toolUseId}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      );
}

function checkToolCalls(message: Message, after: Message | undefined, index: number): void {
  const answered = idsOf(after, 'tool_result');
  const missing = idsOf(message, 'tool_use').filter((id) => !answered.includes(id));
  if (missing.length > 0)
    throw invalidRequest(
      `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
}

function idsOf(message: Message | undefined, type: string): readonly (string | null)[] {
  return (message?.blocks ?? []).filter((block) => block.type === type).map(({ toolUseId }) => toolUseId);
}
