import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject, Usage } from '@parsimony/contract';
import type { CallRun } from '../../calls/call-run.js';
import type { CompletionObject } from './completion.type.js';

/** What a call came to. @param raw OpenAI's chat completion object. */
export function completionOf(run: CallRun, usage: Usage, raw: JsonObject): CompletionObject {
  const { provider, model, tier } = run.target;
  const choice = firstOf(raw['choices']);
  const message = isJsonObject(choice?.['message']) ? choice['message'] : {};
  return {
    id: run.call.id,
    text: textOf(message['content']),
    finishReason: textOf(choice?.['finish_reason']),
    model: `${provider}/${model}`,
    tier,
    cache: run.cache ?? 'miss',
    inputTokens: usage.input + usage.cachedInput + usage.cacheWrite + usage.cacheWriteLong + usage.inputAudio,
    outputTokens: usage.output + usage.reasoning + usage.outputAudio,
    cost: run.cost,
    saved: run.saved,
    latencyMs: run.latencyMs,
    raw,
  };
}

/** The first object of a list of choices. */
export function firstOf(choices: Json | undefined): JsonObject | undefined {
  const [first] = Array.isArray(choices) ? (choices as readonly Json[]) : [];
  return isJsonObject(first) ? first : undefined;
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
