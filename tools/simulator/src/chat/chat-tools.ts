import { InvalidField, isJsonRecord, nullable, oneOf, readArray, readRecord, readString } from '../field.js';

/** A function that the model may call. */
export interface FunctionTool {
  readonly name: string;
  /** JSON Schema of the arguments. */
  readonly parameters: unknown;
}

/** Which tool the answer has to call. */
export type ForcedTool =
  | { readonly kind: 'none' }
  /** Any of these. */
  | { readonly kind: 'required'; readonly tools: readonly FunctionTool[] }
  /** This one. */
  | { readonly kind: 'named'; readonly tool: FunctionTool };

const NOT_FORCED: ForcedTool = { kind: 'none' };
const readMode = oneOf('none', 'auto', 'required');

/**
 * Reads `tools` and `tool_choice`. With `auto` the simulator never calls a tool: it answers in words.
 *
 * @throws InvalidField also where the choice asks for a tool that is not there or is no function.
 */
export function readForcedTool(tools: unknown, choice: unknown): ForcedTool {
  const functions = nullable(readTools)(tools, 'tools') ?? [];
  if (choice === undefined || choice === null) return NOT_FORCED;
  if (!isJsonRecord(choice)) return readMode(choice, 'tool_choice') === 'required' ? required(functions) : NOT_FORCED;
  const type = oneOf('function', 'allowed_tools')(choice['type'], 'tool_choice.type');
  if (type === 'function')
    return { kind: 'named', tool: namedTool(choice['function'], 'tool_choice.function', functions) };
  const allowed = readRecord(choice['allowed_tools'], 'tool_choice.allowed_tools');
  if (readMode(allowed['mode'], 'tool_choice.allowed_tools.mode') !== 'required') return NOT_FORCED;
  const path = 'tool_choice.allowed_tools.tools';
  return required(
    readArray(allowed['tools'], path).map((tool, index) =>
      namedTool(readRecord(tool, `${path}[${index}]`)['function'], `${path}[${index}].function`, functions),
    ),
  );
}

function required(tools: readonly FunctionTool[]): ForcedTool {
  if (tools.length === 0)
    throw new InvalidField('tool_choice', 'a tool is required, but there is no function among tools');
  return { kind: 'required', tools };
}

function namedTool(value: unknown, path: string, functions: readonly FunctionTool[]): FunctionTool {
  const name = readString(readRecord(value, path)['name'], `${path}.name`);
  const tool = functions.find((candidate) => candidate.name === name);
  if (!tool) throw new InvalidField(`${path}.name`, `there is no function '${name}' among tools`);
  return tool;
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
