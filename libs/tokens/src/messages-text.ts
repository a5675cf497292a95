import { isJsonObject } from '@parsimony/contract';
import type { Json, MessagesBody } from '@parsimony/contract';
import type { PromptText } from './prompt-text.js';

/** As in a chat: Anthropic publishes no formula. */
const TOKENS_PER_MESSAGE = 3;

/** The texts of a request to Anthropic's Messages API. */
export function anthropicText(body: MessagesBody, prompt: PromptText): PromptText {
  prompt.exact = false;
  addContent(prompt, body.system);
  for (const { content } of body.messages) {
    prompt.overhead += TOKENS_PER_MESSAGE;
    addContent(prompt, content);
  }
  prompt.addWritten(body['tools']);
  return prompt;
}

/** A text, or blocks: text, images, documents, calls of tools and what they gave. Earlier thinking is not read again. */
function addContent(prompt: PromptText, content: Json | undefined): void {
  if (typeof content === 'string') return prompt.addText(content);
  if (!Array.isArray(content)) return;
  for (const block of content as readonly Json[]) {
    if (!isJsonObject(block)) continue;
    const { type, text, source, name, input } = block;
    if (typeof text === 'string') prompt.addText(text);
    if (type === 'image') prompt.addImage(undefined);
    if (type === 'tool_use' && typeof name === 'string') prompt.addText(name);
    if (type === 'tool_use') prompt.addWritten(input);
    if (isJsonObject(source) && source['type'] === 'text') addContent(prompt, source['data']);
    if (isJsonObject(source)) addContent(prompt, source['content']);
    addContent(prompt, block['content']);
  }
}
