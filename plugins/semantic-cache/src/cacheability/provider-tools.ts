import { isJsonObject } from '@parsimony/contract';
import type { GenerationCall, Json, JsonObject } from '@parsimony/contract';

/** Tools of the Responses API that the caller runs; all others run at OpenAI ("Create a model response", `tools`). */
const CALLER_TOOLS_OF_RESPONSES = new Set<Json | undefined>([
  'function',
  'custom',
  'local_shell',
  'apply_patch',
  'computer_use_preview',
]);

/** Tools that run at Anthropic bear a dated type ("Server tools"); the dated ones of the caller are not among them. */
const ANTHROPIC_TOOLS = /^(?:web_search|web_fetch|code_execution|tool_search)/;

/**
 * Whether the provider itself may search, run code or call servers for the answer. What it finds changes, and what it does
 * there has to be done again for each call.
 */
export function usesProviderTools({ operation, body }: GenerationCall): boolean {
  if (operation === 'chat.completions') return body['web_search_options'] != null;
  const tools = toolsOf(body['tools']);
  if (operation === 'responses') return tools.some(({ type }) => !CALLER_TOOLS_OF_RESPONSES.has(type));
  if (Array.isArray(body['mcp_servers']) && body['mcp_servers'].length > 0) return true;
  return tools.some(({ type }) => typeof type === 'string' && ANTHROPIC_TOOLS.test(type));
}

function toolsOf(tools: Json | undefined): readonly JsonObject[] {
  return Array.isArray(tools) ? (tools as readonly Json[]).filter(isJsonObject) : [];
}
