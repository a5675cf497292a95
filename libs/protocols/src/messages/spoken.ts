import type { Json, JsonObject } from '@parsimony/contract';
import { ProviderInvalidAnswer } from '@parsimony/contract';
import { answeredList, answeredObject, answeredText, shownValue } from '../shared/answer-fields.js';
import { stringifyAnswered } from '../shared/json-depth.js';

/** What the message of a chat completion, or the delta of one, says in words. */
export interface Spoken {
  readonly thinking: string;
  readonly text: string;
}

/**
 * Servers of thinking models show the thinking as `reasoning_content` (DeepSeek, vLLM), as `reasoning` (OpenRouter, vLLM
 * of late) or among the parts of a content that is a list (Mistral). OpenAI shows none.
 *
 * @throws ProviderInvalidAnswer where a content is neither text nor parts of text and thinking.
 */
export function spokenOf(message: JsonObject): Spoken {
  const { content } = message;
  const shown = message['reasoning_content'] ?? message['reasoning'];
  const thinking = typeof shown === 'string' ? shown : '';
  if (!Array.isArray(content)) return { thinking, text: answeredText(content, 'content') };
  return spokenInParts(content as readonly Json[], thinking);
}

function spokenInParts(parts: readonly Json[], shown: string): Spoken {
  let thinking = shown;
  let text = '';
  for (const item of parts) {
    const part = answeredObject(item, 'content part');
    if (part['type'] === 'text') text += answeredText(part['text'], 'text');
    else if (part['type'] === 'thinking') {
      for (const thought of answeredList(part['thinking'], 'thinking')) {
        thinking += answeredText(answeredObject(thought, 'thought')['text'], 'thought');
      }
    } else {
      throw new ProviderInvalidAnswer(`the provider answered with a content part of type ${shownValue(part['type'])}`);
    }
  }
  return { thinking, text };
}

/** The arguments of a tool call, or a piece of them; some servers send them as an object, not as its text. */
export function argumentsText(value: unknown): string {
  return typeof value === 'object' && value !== null ? stringifyAnswered(value) : answeredText(value, 'arguments');
}
