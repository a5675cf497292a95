import type { ForcedTool, FunctionTool } from '../answers/wish.js';
import { isJsonRecord, nullable, oneOf, readArray, readRecord, readString } from '../field.js';
import { anyOf, namedTool, NOT_FORCED, readChoiceMode } from '../openai/function-choice.js';

/** Reads the functions among `tools`. @throws InvalidField */
export function readFunctions(tools: unknown): readonly FunctionTool[] {
  return nullable(readTools)(tools, 'tools') ?? [];
}

/**
 * Reads `tool_choice`. With `auto` the simulator calls no tool but those that the answer book says.
 *
 * @throws InvalidField also where the choice asks for a tool that is not there or is no function.
 */
export function readForcedTool(functions: readonly FunctionTool[], choice: unknown): ForcedTool {
  if (choice === undefined || choice === null) return NOT_FORCED;
  if (!isJsonRecord(choice))
    return readChoiceMode(choice, 'tool_choice') === 'required' ? anyOf(functions) : NOT_FORCED;
  const type = oneOf('function', 'allowed_tools')(choice['type'], 'tool_choice.type');
  if (type === 'function')
    return { kind: 'named', tool: namedTool(choice['function'], 'tool_choice.function', functions) };
  const allowed = readRecord(choice['allowed_tools'], 'tool_choice.allowed_tools');
  if (readChoiceMode(allowed['mode'], 'tool_choice.allowed_tools.mode') !== 'required') return NOT_FORCED;
  const path = 'tool_choice.allowed_tools.tools';
  return anyOf(
    readArray(allowed['tools'], path).map((tool, index) =>
      namedTool(readRecord(tool, `${path}[${index}]`)['function'], `${path}[${index}].function`, functions),
    ),
  );
}

function readTools(value: unknown, path: string): readonly FunctionTool[] {
  return readArray(value, path).flatMap((tool, index) => {
    const record = readRecord(tool, `${path}[${index}]`);
    if (readString(record['type'], `${path}[${index}].type`) !== 'function') return [];
    const definition = readRecord(record['function'], `${path}[${index}].function`);
    const name = readString(definition['name'], `${path}[${index}].function.name`);
    return [{ name, parameters: definition['parameters'] ?? {} }];
  });
}
