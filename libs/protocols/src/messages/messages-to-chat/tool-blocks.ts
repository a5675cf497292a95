import type { Json, JsonObject } from '@parsimony/contract';
import { isJsonObject } from '@parsimony/contract';
import { checkFields, fieldRules, hint, refused } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { fieldPath } from '../../shared/refusals.js';
import { optionalFlag, requiredObject, requiredText } from '../../shared/request-fields.js';
import { contentParts, shortContent, TEXT_BLOCKS } from './content-blocks.js';

const isDirectCaller = (value: Json): boolean => isJsonObject(value) && value['type'] === 'direct';

const TOOL_USE = fieldRules(['type', 'id', 'name', 'input'], {
  cache_control: hint,
  caller: isDirectCaller,
  toolset_name: refused,
});
const TOOL_RESULT = fieldRules(['type', 'tool_use_id', 'content', 'is_error'], {
  cache_control: hint,
  toolset_name: refused,
});
const THINKING = fieldRules(['type', 'thinking', 'signature']);
const REDACTED_THINKING = fieldRules(['type', 'data']);

/** How a chat, whose tool messages are all alike, is told that a tool failed (`is_error`). */
const TOOL_ERROR_MARK = 'Error: ';

/** A `tool_use` block as a tool call. @throws InvalidRequest, UnsupportedParameter */
export function toolCall(block: JsonObject, path: Path): JsonObject {
  checkFields(block, path, TOOL_USE);
  return {
    id: requiredText(block, 'id', path),
    type: 'function',
    function: {
      name: requiredText(block, 'name', path),
      arguments: JSON.stringify(requiredObject(block, 'input', path)),
    },
  };
}

/** A `tool_result` block as a tool message. @throws InvalidRequest, UnsupportedParameter */
export function toolMessage(block: JsonObject, path: Path): JsonObject {
  checkFields(block, path, TOOL_RESULT);
  const parts = contentParts(block['content'] ?? '', fieldPath(path, 'content'), TEXT_BLOCKS);
  const content = parts.length === 0 ? '' : shortContent(parts);
  return {
    role: 'tool',
    tool_call_id: requiredText(block, 'tool_use_id', path),
    content: optionalFlag(block, 'is_error', path) === true ? markError(content) : content,
  };
}

function markError(content: string | readonly JsonObject[]): string | readonly JsonObject[] {
  return typeof content === 'string'
    ? TOOL_ERROR_MARK + content
    : [{ type: 'text', text: TOOL_ERROR_MARK }, ...content];
}

/**
 * What the thinking of an earlier turn is for a chat. That which a chat's own server showed (it has no signature) goes
 * back to it as it came. That which Anthropic signed is the one thing that is left out without a refusal: it is sealed
 * for the model that thought it, and Anthropic itself passes over that of earlier turns ("Extended thinking",
 * "Preserving thinking blocks"). Refusing it would end every conversation that changes providers.
 *
 * @returns nothing where the block is no thinking.
 * @throws InvalidRequest, UnsupportedParameter
 */
export function thinkingText(block: JsonObject, path: Path): string | undefined {
  if (block['type'] === 'thinking') {
    checkFields(block, path, THINKING);
    const thinking = requiredText(block, 'thinking', path);
    return requiredText(block, 'signature', path) === '' ? thinking : '';
  }
  if (block['type'] !== 'redacted_thinking') return undefined;
  checkFields(block, path, REDACTED_THINKING);
  return '';
}
