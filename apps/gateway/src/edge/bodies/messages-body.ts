import { isJsonObject } from '@parsimony/contract';
import type { Json, MessagesBody } from '@parsimony/contract';
import {
  invalid,
  optionalBoolean,
  optionalCount,
  requireMessages,
  requireModel,
  requireObject,
} from './body-fields.js';

/**
 * Proves the fields of an Anthropic message that the gateway relies on; all others pass through.
 *
 * @throws InvalidRequest that names the field.
 */
export function parseMessagesBody(body: unknown): MessagesBody {
  const fields = requireObject(body);
  requireModel(fields);
  requireMessages(fields);
  const { max_tokens: maxTokens, system } = fields;
  if (maxTokens === undefined || maxTokens === null) throw invalid('max_tokens', 'there');
  optionalCount(fields, 'max_tokens');
  optionalBoolean(fields, 'stream');
  if (system !== undefined && typeof system !== 'string' && !isBlocks(system))
    throw invalid('system', 'a string or a list of blocks');
  return fields as unknown as MessagesBody;
}

function isBlocks(value: Json): boolean {
  return Array.isArray(value) && value.every((block: Json) => isJsonObject(block));
}
