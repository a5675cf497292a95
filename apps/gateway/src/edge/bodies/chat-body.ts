import type { ChatBody } from '@parsimony/contract';
import { optionalBoolean, optionalCount, requireMessages, requireModel, requireObject } from './body-fields.js';

/**
 * Proves the fields of a chat completion that the gateway relies on; all others pass through and are the provider's to judge.
 *
 * @throws InvalidRequest that names the field.
 */
export function parseChatBody(body: unknown): ChatBody {
  const fields = requireObject(body);
  requireModel(fields);
  requireMessages(fields);
  optionalBoolean(fields, 'stream');
  optionalCount(fields, 'max_tokens');
  optionalCount(fields, 'max_completion_tokens');
  optionalCount(fields, 'n');
  return fields as unknown as ChatBody;
}
