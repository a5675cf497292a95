import type { Json, JsonObject } from '@parsimony/contract';
import { checkFields, empty, fieldRules, hint, refused } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { fieldPath, invalid, quoted, unsupported } from '../../shared/refusals.js';
import { listAt, objectAt, optionalText, requiredText } from '../../shared/request-fields.js';
import { ASSISTANT_PARTS, contentBlocks, shortContent, TEXT_PARTS, USER_PARTS } from './content-parts.js';
import { toolUseBlocks } from './tool-calls.js';

const SYSTEM_MESSAGE = fieldRules(['role', 'content'], { name: refused });
const USER_MESSAGE = fieldRules(['role', 'content'], { name: refused });
const TOOL_MESSAGE = fieldRules(['role', 'content', 'tool_call_id']);
/** Callers send back the answer as they got it: `annotations`, `audio` and `function_call` stand empty in it. */
const ASSISTANT_MESSAGE = fieldRules(['role', 'content', 'refusal', 'tool_calls'], {
  name: refused,
  audio: refused,
  function_call: refused,
  annotations: empty,
  // The thinking that a translated answer shows: no model takes it back without the signature that chat has no place for.
  reasoning_content: hint,
  // What the client's `parse` adds: the content, read once more.
  parsed: hint,
});

export interface MessagesConversation {
  /** The system messages that stand before all others. */
  readonly system: Json | undefined;
  readonly messages: readonly JsonObject[];
}

/** A message of the Messages API that is being built. */
interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly blocks: JsonObject[];
  readonly path: Path;
  /** Results of tools: those of the messages that follow go into the same turn. */
  readonly results: boolean;
}

/**
 * The messages of a chat completion as a Messages conversation.
 *
 * @throws InvalidRequest, UnsupportedParameter with the path of the field, such as `messages[2].content[0].type`.
 */
export function messagesConversation(body: JsonObject): MessagesConversation {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const [index, item] of listAt(body['messages'], 'messages').entries()) {
    const path = `messages[${index}]`;
    const turn = turnOf(objectAt(item, path), path);
    if (turn.role === 'system' && turns.length === 0) system.push(...turn.blocks);
    else addTurn(turns, turn);
  }
  checkEnds(turns);
  return {
    system: system.length === 0 ? undefined : shortContent(system),
    messages: turns.map(({ role, blocks }) => ({ role, content: shortContent(blocks) })),
  };
}

function turnOf(message: JsonObject, path: Path): Turn {
  const role = requiredText(message, 'role', path);
  const contentPath = fieldPath(path, 'content');
  switch (role) {
    case 'system':
    case 'developer':
      checkFields(message, path, SYSTEM_MESSAGE);
      return turn('system', contentBlocks(message['content'], contentPath, TEXT_PARTS), path);
    case 'user':
      checkFields(message, path, USER_MESSAGE);
      return turn('user', contentBlocks(message['content'], contentPath, USER_PARTS), path);
    case 'assistant':
      checkFields(message, path, ASSISTANT_MESSAGE);
      return turn('assistant', assistantBlocks(message, path), path);
    case 'tool':
      checkFields(message, path, TOOL_MESSAGE);
      return { role: 'user', blocks: [toolResultBlock(message, path)], path, results: true };
    default:
      throw unsupported(fieldPath(path, 'role'), `${quoted(role)} has no counterpart here`);
  }
}

function turn(role: Turn['role'], blocks: JsonObject[], path: Path): Turn {
  return { role, blocks, path, results: false };
}

function assistantBlocks(message: JsonObject, path: Path): JsonObject[] {
  const content = message['content'] ?? '';
  const blocks = contentBlocks(content, fieldPath(path, 'content'), ASSISTANT_PARTS);
  const refusal = optionalText(message, 'refusal', path);
  if (refusal !== undefined && refusal !== '') blocks.push({ type: 'text', text: refusal });
  blocks.push(...toolUseBlocks(message, path));
  return blocks;
}

function toolResultBlock(message: JsonObject, path: Path): JsonObject {
  const blocks = contentBlocks(message['content'], fieldPath(path, 'content'), TEXT_PARTS);
  return {
    type: 'tool_result',
    tool_use_id: requiredText(message, 'tool_call_id', path),
    content: blocks.length === 0 ? '' : shortContent(blocks),
  };
}

/** Results of tools are merged, and so are system messages in a row; a message that says nothing is left out. */
function addTurn(turns: Turn[], next: Turn): void {
  if (next.blocks.length === 0) return;
  const last = turns.at(-1);
  if (last !== undefined && ((last.results && next.results) || (last.role === 'system' && next.role === 'system'))) {
    last.blocks.push(...next.blocks);
    return;
  }
  const misplaced = next.role === 'system' ? last?.role !== 'user' : last?.role === 'system' && next.role === 'user';
  if (misplaced) throw misplacedSystem(next.role === 'system' ? next.path : (last?.path ?? next.path));
  turns.push(next);
}

/**
 * Where a system message stands tells how far it reaches, so it is neither moved to the beginning nor made a user's.
 * Anthropic takes one in the middle at certain places only ("Mid-conversation system messages", "Placement rules").
 */
function misplacedSystem(path: Path): Error {
  return unsupported(
    fieldPath(path, 'role'),
    'a system message in the middle must follow a user or tool message, and an assistant message or nothing must follow it',
  );
}

function checkEnds(turns: readonly Turn[]): void {
  const last = turns.at(-1);
  if (last === undefined) throw invalid('messages', 'must hold a message that is not a system message');
  if (last.role === 'assistant') {
    throw unsupported(last.path, 'an assistant message at the end would be continued there, and not answered');
  }
}
