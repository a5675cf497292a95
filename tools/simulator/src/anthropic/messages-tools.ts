import type { ForcedTool, FunctionTool } from '../answers/wish.js';
import { InvalidField, nullable, oneOf, readArray, readBoolean, readRecord, readString } from '../field.js';
import { jsonText } from '../json-text.js';
import { invalidRequest } from './anthropic-error.js';
import { readCacheMark } from './cache-mark.js';
import { textBlock, type PromptBlock } from './prompt-block.js';

/** The tools of a request. */
export interface Tools {
  /** Those that the caller carries out itself. */
  readonly functions: readonly FunctionTool[];
  /** All of them, as they stand in the prompt. */
  readonly blocks: readonly PromptBlock[];
}

/** What `tool_choice` says. */
export interface ToolChoice {
  readonly forcedTool: ForcedTool;
  readonly toolNames: readonly string[];
  readonly parallelToolCalls: boolean;
}

const NAME_PATTERN = /^[a-zA-Z0-9_-]{1,128}$/;
const readMode = oneOf('auto', 'any', 'tool', 'none');

/** Reads `tools`. @throws InvalidField, AnthropicError */
export function readTools(value: unknown): Tools {
  const tools = nullable(readArray)(value, 'tools') ?? [];
  const functions = tools.flatMap((tool, index) => readFunction(tool, `tools[${index}]`));
  if (new Set(functions.map(({ name }) => name)).size < functions.length)
    throw invalidRequest('tools: Tool names must be unique.');
  return { functions, blocks: tools.map((tool, index) => toolBlock(tool, `tools[${index}]`)) };
}

/** Reads `tool_choice`. @throws InvalidField, AnthropicError */
export function readToolChoice(value: unknown, { functions, blocks }: Tools): ToolChoice {
  const toolNames = functions.map(({ name }) => name);
  const free: ToolChoice = { forcedTool: { kind: 'none' }, toolNames, parallelToolCalls: true };
  if (value === undefined || value === null) return free;
  const choice = readRecord(value, 'tool_choice');
  const mode = readMode(choice['type'], 'tool_choice.type');
  if (mode === 'none') return { ...free, toolNames: [] };
  if (blocks.length === 0) throw invalidRequest('tool_choice: tool_choice may only be specified while providing tools');
  const path = 'tool_choice.disable_parallel_tool_use';
  const parallelToolCalls = !(nullable(readBoolean)(choice['disable_parallel_tool_use'], path) ?? false);
  if (mode === 'auto') return { ...free, parallelToolCalls };
  if (mode === 'any')
    return {
      ...free,
      parallelToolCalls,
      forcedTool: functions.length > 0 ? { kind: 'required', tools: functions } : free.forcedTool,
    };
  const name = readString(choice['name'], 'tool_choice.name');
  const tool = functions.find((candidate) => candidate.name === name);
  if (!tool) throw invalidRequest(`Tool '${name}' not found in provided tools`);
  return { ...free, parallelToolCalls, forcedTool: { kind: 'named', tool } };
}

function readFunction(value: unknown, path: string): FunctionTool[] {
  const tool = readRecord(value, path);
  // A type with a date is a tool that Anthropic itself carries out.
  if ((nullable(readString)(tool['type'], `${path}.type`) ?? 'custom') !== 'custom') return [];
  const name = readString(tool['name'], `${path}.name`);
  if (!NAME_PATTERN.test(name))
    throw new InvalidField(`${path}.custom.name`, `String should match pattern '${NAME_PATTERN.source}'`);
  const parameters = readRecord(tool['input_schema'], `${path}.custom.input_schema`);
  if (parameters['type'] !== 'object')
    throw new InvalidField(
      `${path}.custom.input_schema.type`,
      "Input should be 'object'",
      parameters['type'] === undefined,
    );
  return [{ name, parameters }];
}

function toolBlock(value: unknown, path: string): PromptBlock {
  const { cache_control: control, ...tool } = readRecord(value, path);
  const text = jsonText(tool, path);
  return textBlock(`tool:${text}`, text, readCacheMark(control, `${path}.cache_control`));
}
