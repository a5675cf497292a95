import type { ChatAnswer, ChatChoice } from './chat-answer.js';
import type { ChatRequest } from './chat-request.js';
import { usageOf } from './chat-usage.js';
import { logprobsOf } from './logprobs.js';
import { textOf } from '../generation/piece.js';
import { Random } from '../generation/random.js';

/** What is the same in every chunk of one answer. */
export interface CompletionHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly service_tier: 'default';
  readonly system_fingerprint: string;
}

/** The head of one answer. The id is a function of the seed, the key and the number of the key's request. */
export function completionHead(model: string, seed: number, key: string, requestNumber: number): CompletionHead {
  return {
    id: `chatcmpl-${new Random('id', seed, key, requestNumber).identifier(29)}`,
    created: Math.floor(Date.now() / 1000),
    model,
    service_tier: 'default',
    system_fingerprint: `fp_${new Random('fingerprint', seed, model).identifier(10).toLowerCase()}`,
  };
}

/** The `chat.completion` object of an answer that does not stream, as JSON text. */
export function completionJson(head: CompletionHead, request: ChatRequest, answer: ChatAnswer): string {
  const { id, created, model, ...rest } = head;
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created,
    model,
    choices: answer.choices.map((choice, index) => ({
      index,
      message: messageOf(choice),
      logprobs: request.logprobs && !choice.toolCall ? logprobsOf(choice.pieces, request.topLogprobs) : null,
      finish_reason: choice.finishReason,
    })),
    usage: usageOf(answer),
    ...rest,
  });
}

function messageOf({ toolCall, pieces }: ChatChoice): object {
  const text = textOf(pieces);
  if (!toolCall) return { role: 'assistant', content: text, refusal: null, annotations: [] };
  const call = { id: toolCall.id, type: 'function', function: { name: toolCall.name, arguments: text } };
  return { role: 'assistant', content: null, tool_calls: [call], refusal: null, annotations: [] };
}
