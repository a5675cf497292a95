import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { namePattern } from '../patterns/name-pattern.js';

/** Tells whether a conversation holds the result of a tool that one of the patterns names. */
export type HoldsVolatileResult = (turns: Json | undefined) => boolean;

/**
 * Follows results of tools back to the tool that was called: `tool` messages of chat completions to `tool_calls`,
 * `function_call_output` items of Responses to their `function_call`, `tool_result` blocks of Anthropic to `tool_use`. A
 * result whose call is not in the conversation counts as volatile, since nothing says which tool it is of.
 *
 * @param patterns `*` stands for any characters; without any, no result is volatile.
 */
export function volatileTools(patterns: readonly string[]): HoldsVolatileResult {
  if (patterns.length === 0) return () => false;
  const matchers = patterns.map(namePattern);
  const isVolatile = (name: string | undefined): boolean => name === undefined || matchers.some((fits) => fits(name));
  return (turns) => {
    if (!Array.isArray(turns)) return false;
    const items = (turns as readonly Json[])
      .filter(isJsonObject)
      .flatMap((turn) => [turn, ...objectsOf(turn['content'])]);
    const results = items.flatMap(resultOf);
    if (results.length === 0) return false;
    const names = new Map(items.flatMap(callsOf));
    return results.some(({ name, callId }) => isVolatile(name ?? names.get(callId)));
  };
}

interface ToolResult {
  readonly name?: string;
  readonly callId: string;
}

function resultOf(item: JsonObject): readonly ToolResult[] {
  if (item['role'] === 'function' && typeof item['name'] === 'string') return [{ name: item['name'], callId: '' }];
  if (item['role'] === 'tool') return [{ callId: text(item['tool_call_id']) }];
  const type = text(item['type']);
  if (type === 'tool_result') return [{ callId: text(item['tool_use_id']) }];
  return type.endsWith('_call_output') ? [{ callId: text(item['call_id']) }] : [];
}

/** Pairs of a call's id and its tool's name. */
function callsOf(item: JsonObject): readonly (readonly [string, string])[] {
  const type = text(item['type']);
  if (type === 'tool_use') return [[text(item['id']), text(item['name'])]];
  if (type.endsWith('_call')) return [[text(item['call_id']), text(item['name']) || type.slice(0, -'_call'.length)]];
  return objectsOf(item['tool_calls']).map((call) => {
    const tool = isJsonObject(call['function']) ? call['function'] : call['custom'];
    return [text(call['id']), isJsonObject(tool) ? text(tool['name']) : ''];
  });
}

function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
