import type { Json, JsonObject } from '@parsimony/contract';
import { checkFields, fieldRules } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { fieldPath, invalid, unsupported } from '../../shared/refusals.js';
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

const TOOL = fieldRules(['type', 'function']);
const FUNCTION = fieldRules(['name', 'description', 'parameters', 'strict']);
const NAMED_CHOICE = fieldRules(['type', 'function']);
const NAMED_FUNCTION = fieldRules(['name']);

/** Adds `tools` and `tool_choice` to a Messages request. @throws InvalidRequest, UnsupportedParameter */
export function addTools(request: JsonDraft, body: JsonObject): void {
  const tools = optionalList(body, 'tools', '') ?? [];
  const choice = toolChoice(body['tool_choice']);
  const parallel = optionalFlag(body, 'parallel_tool_calls', '') ?? true;
  if (tools.length === 0) {
    // Without tools nothing can be called: `auto` and `none` say the same, and so does the flag.
    if (choice !== undefined && choice['type'] !== 'auto' && choice['type'] !== 'none') {
      throw invalid('tool_choice', 'needs tools to choose from');
    }
    return;
  }
  request['tools'] = tools.map((item, index) => tool(objectAt(item, `tools[${index}]`), `tools[${index}]`));
  if (parallel || choice?.['type'] === 'none') request['tool_choice'] = choice;
  else request['tool_choice'] = { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true };
}

function tool(item: JsonObject, path: Path): JsonObject {
  if (requiredText(item, 'type', path) !== 'function') {
    throw unsupported(fieldPath(path, 'type'), 'only functions have a counterpart here');
  }
  checkFields(item, path, TOOL);
  const functionPath = fieldPath(path, 'function');
  const declared = requiredObject(item, 'function', path);
  checkFields(declared, functionPath, FUNCTION);
  const description = optionalText(declared, 'description', functionPath);
  return {
    name: requiredText(declared, 'name', functionPath),
    ...(description !== undefined && { description }),
    input_schema: inputSchema(optionalObject(declared, 'parameters', functionPath), functionPath),
    ...(optionalFlag(declared, 'strict', functionPath) === true && { strict: true }),
  };
}

/** A function without parameters is called with an empty object. Anthropic wants the schema's type spelled out. */
function inputSchema(parameters: JsonObject | undefined, path: Path): JsonObject {
  if (parameters === undefined) return { type: 'object', properties: {} };
  if (parameters['type'] === undefined) return { ...parameters, type: 'object' };
  if (parameters['type'] === 'object') return parameters;
  throw unsupported(fieldPath(path, 'parameters.type'), 'must be "object"');
}

const CHOICES: ReadonlyMap<unknown, string> = new Map([
  ['none', 'none'],
  ['auto', 'auto'],
  ['required', 'any'],
]);

function toolChoice(choice: Json | undefined): JsonObject | undefined {
  if (choice == null) return undefined;
  if (typeof choice === 'string') {
    const type = CHOICES.get(choice);
    if (type === undefined) throw invalid('tool_choice', 'must be "none", "auto", "required" or an object');
    return { type };
  }
  const named = objectAt(choice, 'tool_choice');
  if (requiredText(named, 'type', 'tool_choice') !== 'function') {
    throw unsupported('tool_choice.type', 'only functions can be chosen');
  }
  checkFields(named, 'tool_choice', NAMED_CHOICE);
  const chosen = requiredObject(named, 'function', 'tool_choice');
  checkFields(chosen, 'tool_choice.function', NAMED_FUNCTION);
  return { type: 'tool', name: requiredText(chosen, 'name', 'tool_choice.function') };
}
