import type { ForcedTool, FunctionTool } from '../answers/wish.js';
import { isJsonRecord, nullable, oneOf, readArray, readRecord, readString } from '../field.js';
import { anyOf, namedTool, NOT_FORCED, readChoiceMode } from '../openai/function-choice.js';

/** Tools and how they are said back. */
export interface ResponsesTools {
  readonly functions: readonly FunctionTool[];
  readonly echo: readonly object[];
}

/** Reads `tools`; those that OpenAI carries out itself are accepted and never called. @throws InvalidField */
export function readTools(value: unknown): ResponsesTools {
  const functions: FunctionTool[] = [];
  const echo = (nullable(readArray)(value, 'tools') ?? []).map((entry, index) => {
    const path = `tools[${index}]`;
    const tool = readRecord(entry, path);
    if (readString(tool['type'], `${path}.type`) !== 'function') return tool;
    const name = readString(tool['name'], `${path}.name`);
    const parameters = tool['parameters'] ?? null;
    functions.push({ name, parameters: parameters ?? {} });
    return { description: null, strict: true, ...tool, parameters };
  });
  return { functions, echo };
}

/** Reads `tool_choice`. @throws InvalidField also where it asks for a function that is not there. */
export function readForcedTool(functions: readonly FunctionTool[], choice: unknown): ForcedTool {
  if (choice === undefined || choice === null) return NOT_FORCED;
  if (!isJsonRecord(choice))
    return readChoiceMode(choice, 'tool_choice') === 'required' ? anyOf(functions) : NOT_FORCED;
  if (oneOf('function', 'allowed_tools')(choice['type'], 'tool_choice.type') === 'function')
    return { kind: 'named', tool: namedTool(choice, 'tool_choice', functions) };
  if (readChoiceMode(choice['mode'], 'tool_choice.mode') !== 'required') return NOT_FORCED;
  const path = 'tool_choice.tools';
  return anyOf(readArray(choice['tools'], path).map((tool, index) => namedTool(tool, `${path}[${index}]`, functions)));
}
