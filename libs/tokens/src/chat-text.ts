import { isJsonObject } from '@parsimony/contract';
import type { ChatBody, ChatMessage, Json } from '@parsimony/contract';
import { PromptText } from './prompt-text.js';

// OpenAI cookbook, "How to count tokens with tiktoken", for all models since gpt-3.5-turbo-0613.
const TOKENS_PER_MESSAGE = 3;
const TOKENS_PER_NAME = 1;
const TOKENS_OF_REPLY_PRIMING = 3;

/** The texts of messages and the tokens of their frame, by the cookbook's formula. */
export function messagesText(messages: readonly ChatMessage[], prompt = new PromptText('likely')): PromptText {
  prompt.overhead += TOKENS_OF_REPLY_PRIMING;
  for (const message of messages) {
    prompt.overhead += TOKENS_PER_MESSAGE;
    for (const [field, value] of Object.entries(message)) {
      if (field === 'name') prompt.overhead += TOKENS_PER_NAME;
      if (typeof value === 'string') prompt.addText(value);
      else if (field === 'content' && Array.isArray(value)) for (const part of value) addPart(prompt, part as Json);
      // Tool calls are written for the model in a form that is not published; their JSON comes near it.
      else prompt.addWritten(value);
    }
  }
  return prompt;
}

/** The texts of a whole request: messages, tools and the schema of the answer. */
export function chatText(body: ChatBody, prompt: PromptText): PromptText {
  messagesText(body.messages, prompt);
  for (const field of ['tools', 'functions', 'response_format']) prompt.addWritten(body[field]);
  return prompt;
}

function addPart(prompt: PromptText, part: Json): void {
  if (!isJsonObject(part)) return prompt.addUnread();
  const { text, refusal, image_url: image } = part;
  if (typeof text === 'string') prompt.addText(text);
  else if (typeof refusal === 'string') prompt.addText(refusal);
  else if (image !== undefined) prompt.addImage(isJsonObject(image) ? image['detail'] : undefined);
  else prompt.addUnread();
}
