import { isJsonObject } from '@parsimony/contract';
import type { GenerationCall, Json } from '@parsimony/contract';

/**
 * Searches that a request may lead to which names no limit. Providers document none; Anthropic ends a turn after ten
 * rounds of its own tools, and models seldom ask more than one thing in a round.
 */
const UNLIMITED_SEARCHES = 20;

/** The most searches that a provider makes on the model's behalf. */
export function searchCeiling({ operation, body }: GenerationCall): number {
  if (operation === 'chat.completions') {
    const options = body['web_search_options'];
    return options === undefined || options === null ? 0 : UNLIMITED_SEARCHES;
  }
  const tools = body['tools'];
  if (!Array.isArray(tools)) return 0;
  // Of OpenAI's, whose limit is one for all tools; each of Anthropic's has its own.
  const limit = body['max_tool_calls'] ?? UNLIMITED_SEARCHES;
  let searches = 0;
  for (const tool of tools as readonly Json[]) {
    if (!isJsonObject(tool) || typeof tool['type'] !== 'string' || !tool['type'].startsWith('web_search')) continue;
    const most = operation === 'messages' ? (tool['max_uses'] ?? UNLIMITED_SEARCHES) : limit;
    searches += typeof most === 'number' ? most : UNLIMITED_SEARCHES;
  }
  return searches;
}
