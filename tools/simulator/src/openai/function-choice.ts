import type { ForcedTool, FunctionTool } from '../answers/wish.js';
import { InvalidField, oneOf, readRecord, readString } from '../field.js';

export const NOT_FORCED: ForcedTool = { kind: 'none' };
export const readChoiceMode = oneOf('none', 'auto', 'required');

/** Names of the functions that `tool_choice` lets the model call. */
export function callableNames(functions: readonly FunctionTool[], choice: unknown): readonly string[] {
  return choice === 'none' ? [] : functions.map(({ name }) => name);
}

/** Any of these has to be called. @throws InvalidField where there is none. */
export function anyOf(tools: readonly FunctionTool[]): ForcedTool {
  if (tools.length === 0)
    throw new InvalidField('tool_choice', 'a tool is required, but there is no function among tools');
  return { kind: 'required', tools };
}

/** The function whose `name` the record bears. @throws InvalidField where there is no such function. */
export function namedTool(value: unknown, path: string, functions: readonly FunctionTool[]): FunctionTool {
  const name = readString(readRecord(value, path)['name'], `${path}.name`);
  const tool = functions.find((candidate) => candidate.name === name);
  if (!tool) throw new InvalidField(`${path}.name`, `there is no function '${name}' among tools`);
  return tool;
}
