import type { JsonObject } from '@parsimony/contract';
import { checkFields, fieldRules } from '../../shared/field-rules.js';
import { unsupported } from '../../shared/refusals.js';
import { requiredObject, requiredText } from '../../shared/request-fields.js';

const FORMAT = fieldRules(['type', 'schema']);

/** What OpenAI takes as the name of a format. */
const NAME = /^[\w-]{1,64}$/;

/**
 * A Messages output format as `response_format`. OpenAI wants a name: the schema's own title where it can be one.
 *
 * @throws InvalidRequest, UnsupportedParameter
 */
export function responseFormat(format: JsonObject, path: string): JsonObject {
  if (requiredText(format, 'type', path) !== 'json_schema') throw unsupported(`${path}.type`, 'must be "json_schema"');
  checkFields(format, path, FORMAT);
  const schema = requiredObject(format, 'schema', path);
  const { title } = schema;
  const name = typeof title === 'string' && NAME.test(title) ? title : 'answer';
  // Anthropic holds every answer to its schema: not strict would be less than the caller asked for.
  return { type: 'json_schema', json_schema: { name, schema, strict: true } };
}
