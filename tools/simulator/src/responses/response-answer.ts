import type { JsonRecord } from '../field.js';
import type { Choice } from '../answers/choice.js';
import { wholeAnswer } from '../streaming/generated.js';
import { itemObject, type OutputItem } from './response-output.js';

/** A response, before any of it is sent. */
export interface ResponseAnswer {
  readonly id: string;
  readonly createdAt: number;
  readonly model: string;
  readonly echo: JsonRecord;
  readonly promptTokens: number;
  /** Of the prompt tokens, those that came from the provider's cache. */
  readonly cachedTokens: number;
  readonly choice: Choice;
  readonly output: readonly OutputItem[];
}

/** The response object while it is being made. */
export function beginningOf({ id, createdAt, model, echo }: ResponseAnswer): object {
  return {
    id,
    object: 'response',
    created_at: createdAt,
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    service_tier: 'auto',
    usage: null,
    ...echo,
  };
}

/** The response object at its end. */
export function endOf(answer: ResponseAnswer): object {
  const isWhole = answer.choice.end !== 'limit';
  return {
    ...beginningOf(answer),
    status: isWhole ? 'completed' : 'incomplete',
    completed_at: isWhole ? answer.createdAt : null,
    incomplete_details: isWhole ? null : { reason: 'max_output_tokens' },
    output: answer.output.map((item) => itemObject(item, true)),
    service_tier: 'default',
    usage: usageOf(answer),
  };
}

/** OpenAI's figures contain one another: cached tokens are input, reasoning tokens are output. */
function usageOf({ promptTokens, cachedTokens, choice }: ResponseAnswer): object {
  const { output, reasoning } = wholeAnswer([choice]);
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
    output_tokens: output + reasoning,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: promptTokens + output + reasoning,
  };
}
