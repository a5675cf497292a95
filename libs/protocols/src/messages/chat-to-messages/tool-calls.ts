import type { JsonObject } from '@parsimony/contract';
import { isJsonObject } from '@parsimony/contract';
import { checkFields, fieldRules, hint } from '../../shared/field-rules.js';
import { isTooDeep } from '../../shared/json-depth.js';
import type { Path } from '../../shared/refusals.js';
import { fieldPath, invalid, unsupported } from '../../shared/refusals.js';
import { objectAt, optionalList, requiredObject, requiredText } from '../../shared/request-fields.js';

const TOOL_CALL = fieldRules(['id', 'type', 'function']);
/** `parsed_arguments`: what the client's `parse` adds. */
const CALLED_FUNCTION = fieldRules(['name', 'arguments'], { parsed_arguments: hint });

/** The tool calls of an assistant message as `tool_use` blocks. @throws InvalidRequest, UnsupportedParameter */
export function toolUseBlocks(message: JsonObject, path: Path): JsonObject[] {
  const calls = optionalList(message, 'tool_calls', path) ?? [];
  return calls.map((item, index) => {
    const callPath = `${path}.tool_calls[${index}]`;
    return toolUseBlock(objectAt(item, callPath), callPath);
  });
}

function toolUseBlock(call: JsonObject, path: Path): JsonObject {
  if (requiredText(call, 'type', path) !== 'function') {
    throw unsupported(fieldPath(path, 'type'), 'only calls of functions have a counterpart here');
  }
  checkFields(call, path, TOOL_CALL);
  const functionPath = fieldPath(path, 'function');
  const called = requiredObject(call, 'function', path);
  checkFields(called, functionPath, CALLED_FUNCTION);
  return {
    type: 'tool_use',
    id: requiredText(call, 'id', path),
    name: requiredText(called, 'name', functionPath),
    input: parseArguments(requiredText(called, 'arguments', functionPath), fieldPath(functionPath, 'arguments')),
  };
}

/** Servers that call a function without parameters write `''` for them. */
function parseArguments(text: string, path: Path): JsonObject {
  if (text === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalid(path, `must be JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isJsonObject(parsed) || isTooDeep(parsed)) throw invalid(path, 'must be a JSON object that is not too deep');
  return parsed;
}
