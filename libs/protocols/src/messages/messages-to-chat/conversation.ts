import type { JsonObject } from '@parsimony/contract';
import { checkFields, fieldRules } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { fieldPath, invalid, unsupported } from '../../shared/refusals.js';
import { listAt, objectAt, requiredText } from '../../shared/request-fields.js';
import { blocksOf, contentPart, contentParts, shortContent, TEXT_BLOCKS, USER_BLOCKS } from './content-blocks.js';
import { thinkingText, toolCall, toolMessage } from './tool-blocks.js';

const MESSAGE = fieldRules(['role', 'content']);

/**
 * The system prompt and the messages of a Messages conversation as chat messages.
 *
 * @throws InvalidRequest, UnsupportedParameter with the path of the field, such as `messages[2].content[0].type`.
 */
export function chatMessages(body: JsonObject): JsonObject[] {
  const messages = body['system'] == null ? [] : systemMessages(body['system'], 'system');
  const items = listAt(body['messages'], 'messages');
  if (items.length === 0) throw invalid('messages', 'must not be empty');
  let lastRole = '';
  for (const [index, item] of items.entries()) {
    const path = `messages[${index}]`;
    const message = objectAt(item, path);
    lastRole = requiredText(message, 'role', path);
    checkFields(message, path, MESSAGE);
    for (const translated of translateMessage(lastRole, message, path)) messages.push(translated);
  }
  if (lastRole === 'assistant') {
    throw unsupported(`messages[${items.length - 1}]`, 'chat completions answer, and do not continue an answer');
  }
  return messages;
}

function translateMessage(role: string, message: JsonObject, path: Path): readonly JsonObject[] {
  const contentPath = fieldPath(path, 'content');
  switch (role) {
    case 'user':
      return userMessages(message, contentPath);
    case 'assistant':
      return [assistantMessage(message, contentPath)];
    case 'system':
      return systemMessages(message['content'], contentPath);
    default:
      throw invalid(fieldPath(path, 'role'), 'must be "user", "assistant" or "system"');
  }
}

function systemMessages(content: JsonObject[string], path: Path): JsonObject[] {
  const parts = contentParts(content, path, TEXT_BLOCKS);
  return parts.length === 0 ? [] : [{ role: 'system', content: shortContent(parts) }];
}

/** Results of tools are messages of their own in a chat, and stand first in the turn by Anthropic's rule as well. */
function userMessages(message: JsonObject, path: Path): JsonObject[] {
  const messages: JsonObject[] = [];
  const parts: JsonObject[] = [];
  for (const [index, item] of blocksOf(message['content'], path).entries()) {
    const blockPath = `${path}[${index}]`;
    const block = objectAt(item, blockPath);
    if (block['type'] !== 'tool_result') parts.push(contentPart(block, blockPath, USER_BLOCKS));
    else if (parts.length > 0) throw invalid(blockPath, 'results of tools must stand before other content');
    else messages.push(toolMessage(block, blockPath));
  }
  if (parts.length > 0 || messages.length === 0) {
    messages.push({ role: 'user', content: parts.length === 0 ? '' : shortContent(parts) });
  }
  return messages;
}

/** A chat does not tell where between the texts a tool was called: the texts stand first, and the calls in their order. */
function assistantMessage(message: JsonObject, path: Path): JsonObject {
  const parts: JsonObject[] = [];
  const toolCalls: JsonObject[] = [];
  let thinking = '';
  for (const [index, item] of blocksOf(message['content'], path).entries()) {
    const blockPath = `${path}[${index}]`;
    const block = objectAt(item, blockPath);
    if (block['type'] === 'tool_use') toolCalls.push(toolCall(block, blockPath));
    else {
      const thought = thinkingText(block, blockPath);
      if (thought === undefined) parts.push(contentPart(block, blockPath, TEXT_BLOCKS));
      else thinking += thought;
    }
  }
  const silent = toolCalls.length === 0 ? '' : null;
  return {
    role: 'assistant',
    content: parts.length === 0 ? silent : shortContent(parts),
    ...(thinking !== '' && { reasoning_content: thinking }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
}
