import type { Json, JsonObject } from '@parsimony/contract';
import { checkFields, equals, fieldRules, refused } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { unsupported } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import {
  listAt,
  objectAt,
  optionalFlag,
  optionalList,
  optionalObject,
  optionalText,
  requiredText,
} from '../../shared/request-fields.js';

const FUNCTION = fieldRules(['type', 'name', 'description', 'parameters', 'strict'], {
  output_schema: refused,
  defer_loading: equals(false),
  allowed_callers: refused,
  async: equals(false),
});
const FUNCTION_CHOICE = fieldRules(['type', 'name']);
const ALLOWED_CHOICE = fieldRules(['type', 'mode', 'tools']);

/**
 * `tools`, `tool_choice` and `parallel_tool_calls`. OpenAI's chat completions refuses the last, and a choice of `auto` or
 * `none`, where there are no tools: there they say nothing and are left out.
 *
 * @throws UnsupportedParameter for tools that the provider itself would have to run.
 */
export function chatToolOptions(body: JsonObject): JsonDraft {
  const tools = (optionalList(body, 'tools', '') ?? []).map((tool, index) => chatTool(tool, `tools[${index}]`));
  const choice = body['tool_choice'] == null ? undefined : chatToolChoice(body['tool_choice']);
  const parallel = optionalFlag(body, 'parallel_tool_calls', '');
  const options: JsonDraft = {};
  if (tools.length > 0) {
    options['tools'] = tools;
    if (parallel !== undefined) options['parallel_tool_calls'] = parallel;
  }
  const idle = tools.length === 0 && (choice === 'auto' || choice === 'none');
  if (choice !== undefined && !idle) options['tool_choice'] = choice;
  return options;
}

/** Where `strict` is not said, it stays unsaid: only OpenAI's Responses API makes a schema strict by itself. */
function chatTool(value: Json, path: Path): JsonObject {
  const tool = objectAt(value, path);
  refuseOtherTools(tool, path);
  checkFields(tool, path, FUNCTION);
  const declared: JsonDraft = { name: requiredText(tool, 'name', path) };
  const description = optionalText(tool, 'description', path);
  const parameters = optionalObject(tool, 'parameters', path);
  const strict = optionalFlag(tool, 'strict', path);
  if (description !== undefined) declared['description'] = description;
  if (parameters !== undefined) declared['parameters'] = parameters;
  if (strict !== undefined) declared['strict'] = strict;
  return { type: 'function', function: declared };
}

function chatToolChoice(choice: Json): Json {
  if (typeof choice === 'string') return choice;
  const path = 'tool_choice';
  const object = objectAt(choice, path);
  if (object['type'] !== 'allowed_tools') return functionChoice(object, path);
  checkFields(object, path, ALLOWED_CHOICE);
  const tools = listAt(object['tools'], `${path}.tools`).map((tool, index) => {
    const at = `${path}.tools[${index}]`;
    return functionChoice(objectAt(tool, at), at);
  });
  return { type: 'allowed_tools', allowed_tools: { mode: requiredText(object, 'mode', path), tools } };
}

function functionChoice(choice: JsonObject, path: Path): JsonObject {
  refuseOtherTools(choice, path);
  checkFields(choice, path, FUNCTION_CHOICE);
  return { type: 'function', function: { name: requiredText(choice, 'name', path) } };
}

function refuseOtherTools(tool: JsonObject, path: Path): void {
  if (requiredText(tool, 'type', path) === 'function') return;
  throw unsupported(`${path}.type`, 'a provider of chat completions runs no tools of its own');
}
