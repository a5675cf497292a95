import type { JsonObject } from '@parsimony/contract';
import { checkFields, empty, equals, fieldRules, hint } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { fieldPath, invalid, quoted, unsupported } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import {
  objectAt,
  optionalFlag,
  optionalList,
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
} from '../../shared/request-fields.js';

const TOOL = fieldRules(['type', 'name', 'description', 'input_schema', 'strict'], {
  cache_control: hint,
  // How finely the arguments are streamed, not what they are.
  eager_input_streaming: hint,
  allowed_callers: (value) => Array.isArray(value) && value.every((caller) => caller === 'direct'),
  defer_loading: equals(false),
  input_examples: empty,
});
const CHOICE = fieldRules(['type', 'disable_parallel_tool_use']);
const NAMED_CHOICE = fieldRules(['type', 'disable_parallel_tool_use', 'name']);

/** Adds `tools`, `tool_choice` and `parallel_tool_calls` to a chat completion. @throws InvalidRequest, UnsupportedParameter */
export function addTools(request: JsonDraft, body: JsonObject): void {
  const tools = optionalList(body, 'tools', '') ?? [];
  const choice = optionalObject(body, 'tool_choice', '');
  const translated = choice === undefined ? undefined : toolChoice(choice);
  if (tools.length === 0) {
    // Without tools nothing can be called: `auto` and `none` say the same.
    if (translated !== undefined && translated !== 'auto' && translated !== 'none') {
      throw invalid('tool_choice', 'needs tools to choose from');
    }
    return;
  }
  request['tools'] = tools.map((item, index) => tool(objectAt(item, `tools[${index}]`), `tools[${index}]`));
  request['tool_choice'] = translated;
  if (choice !== undefined && optionalFlag(choice, 'disable_parallel_tool_use', 'tool_choice') === true) {
    request['parallel_tool_calls'] = false;
  }
}

function tool(item: JsonObject, path: Path): JsonObject {
  const type = optionalText(item, 'type', path) ?? 'custom';
  if (type !== 'custom') {
    throw unsupported(fieldPath(path, 'type'), `${quoted(type)} is a tool that only Anthropic runs or knows`);
  }
  checkFields(item, path, TOOL);
  const description = optionalText(item, 'description', path);
  return {
    type: 'function',
    function: {
      name: requiredText(item, 'name', path),
      ...(description !== undefined && { description }),
      parameters: requiredObject(item, 'input_schema', path),
      ...(optionalFlag(item, 'strict', path) === true && { strict: true }),
    },
  };
}

const CHOICES: ReadonlyMap<string, string> = new Map([
  ['auto', 'auto'],
  ['any', 'required'],
  ['none', 'none'],
]);

function toolChoice(choice: JsonObject): string | JsonObject {
  const type = requiredText(choice, 'type', 'tool_choice');
  if (type === 'tool') {
    checkFields(choice, 'tool_choice', NAMED_CHOICE);
    return { type: 'function', function: { name: requiredText(choice, 'name', 'tool_choice') } };
  }
  checkFields(choice, 'tool_choice', CHOICE);
  const translated = CHOICES.get(type);
  if (translated === undefined) throw invalid('tool_choice.type', 'must be "auto", "any", "tool" or "none"');
  return translated;
}
