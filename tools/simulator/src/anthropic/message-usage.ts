import type { BilledTokens } from '../bill.js';
import type { Generated } from '../streaming/generated.js';
import type { CacheUse } from './prompt-cache.js';

/** The prompt of one request by what its tokens cost. */
export interface PromptUse extends CacheUse {
  /** Neither read from the cache nor written to it. */
  readonly input: number;
}

/** What Anthropic charges: thinking is output. */
export function billedTokens(prompt: PromptUse, { output, reasoning }: Generated): BilledTokens {
  const { input, read, write, writeLong } = prompt;
  return {
    input,
    cachedInput: read,
    output,
    reasoning,
    ...(write > 0 && { cacheWrite: write }),
    ...(writeLong > 0 && { cacheWriteLong: writeLong }),
  };
}

/** Anthropic's `usage` after so much was generated: its input figures stand beside one another, thinking is in the output. */
export function usageOf(prompt: PromptUse, { output, reasoning }: Generated): object {
  return {
    ...inputUsage(prompt),
    cache_creation: { ephemeral_5m_input_tokens: prompt.write, ephemeral_1h_input_tokens: prompt.writeLong },
    ...outputUsage(output, reasoning),
    service_tier: 'standard',
    inference_geo: null,
    server_tool_use: null,
    speed: null,
  };
}

/** The `usage` of `message_delta`: cumulative, so that it repeats the input of `message_start`. */
export function deltaUsageOf(prompt: PromptUse, { output, reasoning }: Generated): object {
  return { ...inputUsage(prompt), ...outputUsage(output, reasoning), server_tool_use: null };
}

function inputUsage({ input, read, write, writeLong }: PromptUse): object {
  return {
    input_tokens: input,
    cache_creation_input_tokens: write + writeLong,
    cache_read_input_tokens: read,
  };
}

function outputUsage(output: number, reasoning: number): object {
  return {
    output_tokens: output + reasoning,
    output_tokens_details: reasoning > 0 ? { thinking_tokens: reasoning } : null,
  };
}
