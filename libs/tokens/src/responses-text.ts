import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject, ResponsesBody } from '@parsimony/contract';
import type { PromptText } from './prompt-text.js';

/** As in a chat: the cookbook's formula is published for no other interface. */
const TOKENS_PER_ITEM = 3;

/** The texts of a request to the Responses API. What the provider has stored is not among them. */
export function responsesText(body: ResponsesBody, prompt: PromptText): PromptText {
  prompt.exact = false;
  const { instructions, input } = body;
  if (typeof instructions === 'string') prompt.addText(instructions);
  if (typeof input === 'string') prompt.addText(input);
  else if (Array.isArray(input))
    for (const item of input as readonly Json[]) if (isJsonObject(item)) addItem(prompt, item);
  for (const field of ['tools', 'text']) prompt.addWritten(body[field]);
  return prompt;
}

function addItem(prompt: PromptText, item: JsonObject): void {
  prompt.overhead += TOKENS_PER_ITEM;
  const { name, arguments: called, input, content, output } = item;
  for (const text of [name, called, input]) if (typeof text === 'string') prompt.addText(text);
  for (const parts of [content, output]) {
    if (typeof parts === 'string') prompt.addText(parts);
    else if (Array.isArray(parts)) for (const part of parts as readonly Json[]) addPart(prompt, part);
  }
}

function addPart(prompt: PromptText, part: Json): void {
  if (!isJsonObject(part)) return;
  const { type, text, refusal, detail } = part;
  if (typeof text === 'string') prompt.addText(text);
  else if (typeof refusal === 'string') prompt.addText(refusal);
  else if (type === 'input_image') prompt.addImage(detail);
}
