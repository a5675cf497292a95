import type { JsonObject } from '@parsimony/contract';
import { checkFields, equals, fieldRules } from '../../shared/field-rules.js';
import { unsupported } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import {
  optionalFlag,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
} from '../../shared/request-fields.js';

const TEXT = fieldRules(['format', 'verbosity']);
const PLAIN_FORMAT = fieldRules(['type']);
const SCHEMA_FORMAT = fieldRules(['type', 'name', 'schema', 'description', 'strict']);
const REASONING = fieldRules(['effort'], {
  // `auto` asks for the best that there is: what reasoning the provider shows is shown.
  summary: equals('auto'),
  generate_summary: equals('auto'),
  mode: equals('standard'),
  context: equals('auto'),
});

/** `text` as `response_format` and `verbosity`. */
export function chatTextOptions(body: JsonObject): JsonDraft {
  const text = optionalObject(body, 'text', '');
  if (text === undefined) return {};
  checkFields(text, 'text', TEXT);
  const options: JsonDraft = {};
  const format = optionalObject(text, 'format', 'text');
  const verbosity = optionalText(text, 'verbosity', 'text');
  const responseFormat = format === undefined ? undefined : chatFormat(format);
  if (responseFormat !== undefined) options['response_format'] = responseFormat;
  if (verbosity !== undefined) options['verbosity'] = verbosity;
  return options;
}

/** `reasoning` as `reasoning_effort`. */
export function chatReasoningOptions(body: JsonObject): JsonDraft {
  const reasoning = optionalObject(body, 'reasoning', '');
  if (reasoning === undefined) return {};
  checkFields(reasoning, 'reasoning', REASONING);
  const effort = optionalText(reasoning, 'effort', 'reasoning');
  return effort === undefined ? {} : { reasoning_effort: effort };
}

/**
 * `include` and `top_logprobs` as `logprobs` and `top_logprobs`, which chat completions takes only together.
 *
 * @throws UnsupportedParameter for everything else that `include` can ask for.
 */
export function chatLogprobOptions(body: JsonObject): JsonDraft {
  const included = optionalList(body, 'include', '') ?? [];
  included.forEach((name, index) => {
    if (name !== 'message.output_text.logprobs') {
      throw unsupported(`include[${index}]`, 'a provider of chat completions has nothing of the kind');
    }
  });
  const alternatives = optionalNumber(body, 'top_logprobs', '', 0, 20);
  if (alternatives !== undefined) return { logprobs: true, top_logprobs: alternatives };
  return included.length > 0 ? { logprobs: true } : {};
}

/** @returns undefined for plain text, which is what a chat answers anyway. */
function chatFormat(format: JsonObject): JsonObject | undefined {
  const path = 'text.format';
  const type = requiredText(format, 'type', path);
  if (type === 'text' || type === 'json_object') {
    checkFields(format, path, PLAIN_FORMAT);
    return type === 'text' ? undefined : { type };
  }
  if (type !== 'json_schema') throw unsupported(`${path}.type`, 'chat completions has no such format');
  checkFields(format, path, SCHEMA_FORMAT);
  const schema: JsonDraft = {
    name: requiredText(format, 'name', path),
    schema: requiredObject(format, 'schema', path),
  };
  const description = optionalText(format, 'description', path);
  const strict = optionalFlag(format, 'strict', path);
  if (description !== undefined) schema['description'] = description;
  if (strict !== undefined) schema['strict'] = strict;
  return { type, json_schema: schema };
}
