import type { JsonObject } from '@parsimony/contract';
import { checkFields, fieldRules } from '../../shared/field-rules.js';
import { invalid, quoted, unsupported } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import {
  optionalFlag,
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
} from '../../shared/request-fields.js';

const TEXT_FORMAT = fieldRules(['type']);
const SCHEMA_FORMAT = fieldRules(['type', 'json_schema']);
const JSON_SCHEMA = fieldRules(['name', 'description', 'schema', 'strict']);
const SCHEMA_PATH = 'response_format.json_schema';

/** The efforts that both APIs have; OpenAI's `minimal` has no counterpart. */
const EFFORTS: ReadonlySet<string> = new Set(['low', 'medium', 'high', 'xhigh', 'max']);

/**
 * Adds `thinking` and `output_config` to a Messages request: how much to think, and in which format to answer.
 *
 * @throws InvalidRequest, UnsupportedParameter
 */
export function addOutputConfig(request: JsonDraft, body: JsonObject): void {
  const config: JsonDraft = {};
  const effort = optionalText(body, 'reasoning_effort', '');
  if (effort === 'none') request['thinking'] = { type: 'disabled' };
  else if (effort !== undefined) {
    if (!EFFORTS.has(effort)) throw unsupported('reasoning_effort', `${quoted(effort)} has no counterpart here`);
    request['thinking'] = { type: 'adaptive' };
    config['effort'] = effort;
  }
  const schema = answerSchema(optionalObject(body, 'response_format', ''));
  if (schema !== undefined) config['format'] = { type: 'json_schema', schema };
  if (Object.keys(config).length > 0) request['output_config'] = config;
}

function answerSchema(format: JsonObject | undefined): JsonObject | undefined {
  if (format === undefined) return undefined;
  const type = requiredText(format, 'type', 'response_format');
  if (type === 'text') {
    checkFields(format, 'response_format', TEXT_FORMAT);
    return undefined;
  }
  if (type !== 'json_schema') {
    throw unsupported('response_format.type', `${quoted(type)} has no counterpart here; use "json_schema"`);
  }
  checkFields(format, 'response_format', SCHEMA_FORMAT);
  return annotatedSchema(requiredObject(format, 'json_schema', 'response_format'));
}

/** The format's name and description go into the schema's own annotations, where the model reads them as well. */
function annotatedSchema(format: JsonObject): JsonObject {
  checkFields(format, SCHEMA_PATH, JSON_SCHEMA);
  // Anthropic holds every answer to its schema: where this says `false`, the caller gets more than it asked for.
  optionalFlag(format, 'strict', SCHEMA_PATH);
  const title = requiredText(format, 'name', SCHEMA_PATH);
  const description = optionalText(format, 'description', SCHEMA_PATH);
  const schema = optionalObject(format, 'schema', SCHEMA_PATH);
  if (schema === undefined) throw invalid(`${SCHEMA_PATH}.schema`, 'must be there');
  if (description !== undefined && (schema['description'] ?? description) !== description) {
    throw unsupported(`${SCHEMA_PATH}.description`, 'the schema has a description of its own');
  }
  return { title, ...(description !== undefined && { description }), ...schema };
}
