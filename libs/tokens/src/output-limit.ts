import { isJsonObject } from '@parsimony/contract';
import type { ChatCall, GenerationCall, MessagesCall } from '@parsimony/contract';

/** Anthropic: "The minimum budget is 1,024 tokens" (https://platform.claude.com/docs/en/build-with-claude/extended-thinking). */
const LEAST_THINKING_TOKENS = 1024;

/** How many output tokens a call allows for each of its answers; undefined where it does not say. */
export function outputLimit(call: GenerationCall): number | undefined {
  switch (call.operation) {
    case 'chat.completions':
      return call.body.max_completion_tokens ?? call.body.max_tokens ?? undefined;
    case 'responses':
      return call.body.max_output_tokens ?? undefined;
    case 'messages':
      return call.body.max_tokens;
  }
}

/** How many answers a call asks for. */
export function answersOf(call: GenerationCall): number {
  return call.operation === 'chat.completions' ? (call.body.n ?? 1) : 1;
}

/**
 * A copy of the call whose answers have no more than so many output tokens each. All else of it goes out as it came.
 *
 * @param maxTokens at least 1.
 * @returns undefined where it cannot be asked so: Anthropic's thinking budget, which stands inside `max_tokens`, would no
 *   longer fit there.
 */
export function limitOutput(call: GenerationCall, maxTokens: number): GenerationCall | undefined {
  switch (call.operation) {
    case 'chat.completions':
      return { ...call, body: { ...call.body, ...chatLimits(call.body, maxTokens) } };
    case 'responses':
      return { ...call, body: { ...call.body, max_output_tokens: lower(call.body.max_output_tokens, maxTokens) } };
    case 'messages':
      return limitMessages(call, maxTokens);
  }
}

/** Whichever of both fields was given; some providers know only the older one. */
function chatLimits(body: ChatCall['body'], maxTokens: number): Partial<ChatCall['body']> {
  const { max_completion_tokens: completion, max_tokens: total } = body;
  const isNewer = typeof completion === 'number';
  const isOlder = typeof total === 'number';
  return {
    ...((isNewer || !isOlder) && { max_completion_tokens: lower(completion, maxTokens) }),
    ...(isOlder && { max_tokens: lower(total, maxTokens) }),
  };
}

function limitMessages(call: MessagesCall, maxTokens: number): MessagesCall | undefined {
  const { max_tokens: former, thinking } = call.body;
  const body = { ...call.body, max_tokens: lower(former, maxTokens) };
  if (!isJsonObject(thinking)) return { ...call, body };
  const { budget_tokens: budget } = thinking;
  // A budget above the limit is that of thinking between calls of tools, which stands outside of it.
  if (typeof budget !== 'number' || budget >= former) return { ...call, body };
  const share = Math.max(LEAST_THINKING_TOKENS, Math.floor((budget * body.max_tokens) / former));
  const shrunk = Math.min(budget, share);
  if (shrunk >= body.max_tokens) return undefined;
  return { ...call, body: { ...body, thinking: { ...thinking, budget_tokens: shrunk } } };
}

function lower(given: number | null | undefined, maxTokens: number): number {
  return typeof given === 'number' ? Math.min(given, maxTokens) : maxTokens;
}
