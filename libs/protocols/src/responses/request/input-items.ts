import type { Json, JsonObject } from '@parsimony/contract';
import { checkFields, empty, equals, fieldRules, hint, refused } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { invalid, unsupported } from '../../shared/refusals.js';
import { listAt, objectAt, optionalList, optionalText, requiredText } from '../../shared/request-fields.js';
import { ASSISTANT_PARTS, chatContent, TEXT_PARTS, USER_PARTS } from './content-parts.js';
import { Conversation } from './conversation.js';

// Ids and states of items are what a provider remarked on an earlier answer, and no part of the conversation.
const MESSAGE = fieldRules(['type', 'role', 'content'], { id: hint, status: hint, phase: refused });
const CALL = fieldRules(['type', 'call_id', 'name', 'arguments'], {
  id: hint,
  status: hint,
  namespace: refused,
  caller: refused,
  async: equals(false),
});
const CALL_OUTPUT = fieldRules(['type', 'call_id', 'output'], {
  id: hint,
  status: hint,
  name: refused,
  namespace: refused,
  caller: refused,
});
const REASONING = fieldRules(['type', 'content'], {
  id: hint,
  status: hint,
  summary: empty,
  encrypted_content: refused,
});
const REASONING_TEXT = fieldRules(['text'], { type: equals('reasoning_text') });

type AddItem = (conversation: Conversation, item: JsonObject, path: Path) => void;

const ITEM_TYPES: ReadonlyMap<string, AddItem> = new Map([
  ['message', addMessage],
  ['function_call', addCall],
  ['function_call_output', addCallOutput],
  ['reasoning', addReasoning],
]);

/**
 * The conversation as chat messages: `instructions` in front, then `input`, in order. Instructions and `developer`
 * messages get the role `system`, which OpenAI takes for the same, and which alone most other providers know.
 *
 * @throws UnsupportedParameter for items that live at a provider or belong to built-in tools; InvalidRequest for what is
 *   no input.
 */
export function chatMessages(body: JsonObject): readonly JsonObject[] {
  const conversation = new Conversation();
  const instructions = optionalText(body, 'instructions', '');
  if (instructions !== undefined) conversation.add({ role: 'system', content: instructions });
  const input = body['input'];
  if (typeof input === 'string') conversation.add({ role: 'user', content: input });
  else listAt(input, 'input').forEach((item, index) => addItem(conversation, item, `input[${index}]`));
  if (conversation.messages.length === 0) throw invalid('input', 'must hold at least one item');
  return conversation.messages;
}

function addItem(conversation: Conversation, value: Json, path: Path): void {
  const item = objectAt(value, path);
  const type = item['role'] === undefined ? optionalText(item, 'type', path) : (item['type'] ?? 'message');
  const add = typeof type === 'string' ? ITEM_TYPES.get(type) : undefined;
  if (add !== undefined) return add(conversation, item, path);
  // A reference to a stored item needs no type.
  const param = type === undefined && item['id'] !== undefined ? `${path}.id` : `${path}.type`;
  throw unsupported(param, 'chat completions has no such item');
}

function addMessage(conversation: Conversation, item: JsonObject, path: Path): void {
  checkFields(item, path, MESSAGE);
  const at = `${path}.content`;
  switch (item['role']) {
    case 'user':
      return conversation.add({ role: 'user', content: chatContent(item['content'], USER_PARTS, at) });
    case 'system':
    case 'developer':
      return conversation.add({ role: 'system', content: chatContent(item['content'], TEXT_PARTS, at) });
    case 'assistant':
      return conversation.addAnswer(chatContent(item['content'], ASSISTANT_PARTS, at));
    default:
      throw invalid(`${path}.role`, 'must be user, assistant, system or developer');
  }
}

function addCall(conversation: Conversation, item: JsonObject, path: Path): void {
  checkFields(item, path, CALL);
  conversation.addCall({
    id: requiredText(item, 'call_id', path),
    type: 'function',
    function: { name: requiredText(item, 'name', path), arguments: requiredText(item, 'arguments', path) },
  });
}

function addCallOutput(conversation: Conversation, item: JsonObject, path: Path): void {
  checkFields(item, path, CALL_OUTPUT);
  conversation.add({
    role: 'tool',
    tool_call_id: requiredText(item, 'call_id', path),
    content: chatContent(item['output'], TEXT_PARTS, `${path}.output`),
  });
}

/**
 * Reasoning that was shown goes back as `reasoning_content`, which providers that show it want to see again (DeepSeek,
 * Kimi). Reasoning that its provider kept, encrypted or under an id, means nothing to another one, and a summary is not
 * what the model thought: they are refused.
 */
function addReasoning(conversation: Conversation, item: JsonObject, path: Path): void {
  checkFields(item, path, REASONING);
  const texts = (optionalList(item, 'content', path) ?? []).map((value, index) => {
    const at = `${path}.content[${index}]`;
    const part = objectAt(value, at);
    checkFields(part, at, REASONING_TEXT);
    return requiredText(part, 'text', at);
  });
  if (texts.length === 0) throw unsupported(`${path}.id`, 'this reasoning is kept by the provider that made it');
  conversation.addReasoning(texts.join('\n\n'));
}
