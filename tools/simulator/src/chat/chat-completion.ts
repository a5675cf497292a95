import { textOf } from '../generation/piece.js';
import { Random } from '../generation/random.js';
import type { Choice } from '../answers/choice.js';
import type { UsageStyle } from '../settings.js';
import { wholeAnswer } from '../streaming/generated.js';
import { finishReasonOf, type ChatAnswer } from './chat-answer.js';
import type { ChatRequest } from './chat-request.js';
import { usageOf } from './chat-usage.js';
import { logprobsOf } from './logprobs.js';

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
export function completionJson(
  head: CompletionHead,
  request: ChatRequest,
  answer: ChatAnswer,
  usageStyle: UsageStyle,
): string {
  const { id, created, model, ...rest } = head;
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created,
    model,
    choices: answer.choices.map((choice, index) => ({
      index,
      message: messageOf(choice),
      logprobs:
        request.logprobs && choice.toolCalls.length === 0 ? logprobsOf(choice.pieces, request.topLogprobs) : null,
      finish_reason: finishReasonOf(choice, request),
    })),
    usage: usageOf(answer, wholeAnswer(answer.choices), usageStyle),
    ...rest,
  });
}

function messageOf({ toolCalls, pieces }: Choice): object {
  if (toolCalls.length === 0) return { role: 'assistant', content: textOf(pieces), refusal: null, annotations: [] };
  const calls = toolCalls.map((call) => ({
    id: `call_${call.id}`,
    type: 'function',
    function: { name: call.name, arguments: textOf(call.pieces) },
  }));
  return { role: 'assistant', content: null, tool_calls: calls, refusal: null, annotations: [] };
}
