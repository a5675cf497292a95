import type { JsonObject } from '@parsimony/contract';
import { ProviderInvalidAnswer } from '@parsimony/contract';
import { answeredDetails, answeredList, answeredObject, answeredText, shownValue } from '../../shared/answer-fields.js';
import { answerId } from '../../shared/answer-id.js';
import { stringifyAnswered } from '../../shared/json-depth.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import type { TranslationOptions } from '../../translation.js';
import { servedChatTier } from '../service-tier.js';
import { finishReason } from '../stop-reason.js';
import { chatUsage } from '../usage.js';

/** What every chunk and every whole answer begins with. @param model as the provider named it in its answer, if it did. */
export function chatEnvelope(object: string, model: unknown, options: TranslationOptions): JsonDraft {
  return {
    id: answerId('chatcmpl-', options.callId),
    object,
    created: Math.floor(options.now / 1000),
    model: typeof model === 'string' && model !== '' ? model : options.model,
  };
}

/**
 * A message as a chat completion. Text blocks are joined; thinking is shown as `reasoning_content`, the field that
 * OpenAI-compatible servers of thinking models share (DeepSeek, vLLM), and redacted thinking, which nobody can read, is
 * not; what is said of a refusal is its `refusal`.
 *
 * @throws ProviderInvalidAnswer where it is no message, or holds blocks that a chat completion cannot ask for.
 */
export function chatAnswer(message: JsonObject, options: TranslationOptions): JsonObject {
  const usage = answeredDetails(message['usage']);
  return {
    ...chatEnvelope('chat.completion', message['model'], options),
    choices: [
      {
        index: 0,
        message: assistantMessage(message),
        logprobs: null,
        finish_reason: finishReason(message['stop_reason']),
      },
    ],
    usage: chatUsage(usage),
    service_tier: servedChatTier(usage['service_tier']),
  };
}

function assistantMessage(message: JsonObject): JsonObject {
  let text: string | null = null;
  let thinking = '';
  const toolCalls: JsonObject[] = [];
  for (const item of answeredList(message['content'], 'content')) {
    const block = answeredObject(item, 'content block');
    const { type } = block;
    if (type === 'text') text = (text ?? '') + answeredText(block['text'], 'text');
    else if (type === 'thinking') thinking += answeredText(block['thinking'], 'thinking');
    else if (type === 'tool_use') toolCalls.push(toolCall(block));
    else if (type !== 'redacted_thinking') throw unknownBlock(type);
  }
  return {
    role: 'assistant',
    content: text ?? (toolCalls.length > 0 ? null : ''),
    refusal: refusalText(message),
    ...(thinking !== '' && { reasoning_content: thinking }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
}

function toolCall(block: JsonObject): JsonObject {
  return {
    id: answeredText(block['id'], 'id of a tool call'),
    type: 'function',
    function: {
      name: answeredText(block['name'], 'name of a tool'),
      arguments: stringifyAnswered(block['input'] ?? {}),
    },
  };
}

/** @param message or the delta of a `message_delta` event. @returns null where it is no refusal, or an unexplained one. */
export function refusalText(message: JsonObject): string | null {
  const explanation = answeredText(answeredDetails(message['stop_details'])['explanation'], 'explanation');
  return explanation === '' ? null : explanation;
}

export function unknownBlock(type: unknown): ProviderInvalidAnswer {
  return new ProviderInvalidAnswer(`the provider answered with a content block of type ${shownValue(type)}`);
}
