import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject } from '@parsimony/contract';
import { answerId } from '../../shared/answer-id.js';
import type { TranslationOptions } from '../../translation.js';

/** Parameters that a response repeats as they were asked, where they were. */
const REPEATED = ['user', 'safety_identifier', 'prompt_cache_key', 'prompt_cache_retention', 'top_logprobs'] as const;

/**
 * What every state of one response has in common: its id, and the request's parameters (OpenAI API reference, "The
 * response object"). Parameters that were not asked are null, since only the provider knows its defaults.
 *
 * @param body a request that could be translated
 */
export function responseEcho(body: JsonObject, { callId, now }: TranslationOptions): JsonObject {
  const echo: Record<string, Json> = {
    id: answerId('resp_', callId),
    object: 'response',
    created_at: Math.floor(now / 1000),
    access_programs: null,
    background: false,
    error: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    metadata: body['metadata'] ?? {},
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    reasoning: echoReasoning(body['reasoning']),
    store: false,
    temperature: body['temperature'] ?? null,
    text: echoText(body['text']),
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: echoTools(body['tools']),
    top_p: body['top_p'] ?? null,
    truncation: 'disabled',
  };
  for (const name of REPEATED) {
    const value = body[name] ?? null;
    if (value !== null) echo[name] = value;
  }
  return echo;
}

function echoReasoning(reasoning: Json | undefined): JsonObject {
  const asked = isJsonObject(reasoning) ? reasoning : {};
  return { effort: asked['effort'] ?? null, summary: asked['summary'] ?? null };
}

function echoText(text: Json | undefined): JsonObject {
  const asked = isJsonObject(text) ? text : {};
  const format = asked['format'] ?? { type: 'text' };
  const verbosity = asked['verbosity'] ?? null;
  return verbosity === null ? { format } : { format, verbosity };
}

/** The tools with the members that a response never leaves out. */
function echoTools(tools: Json | undefined): readonly Json[] {
  if (!Array.isArray(tools)) return [];
  return (tools as readonly JsonObject[]).map(({ name, description, parameters, strict }) => ({
    type: 'function',
    name,
    description: description ?? null,
    parameters: parameters ?? null,
    strict: strict ?? null,
  }));
}
