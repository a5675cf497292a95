import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject, ResponsesBody } from '@parsimony/contract';
import { imageCeiling } from './image-ceiling.js';
import { LARGEST_CONTEXT_TOKENS } from './largest-context.js';
import { isGiven, MESSAGE_TOKENS, TEMPLATE_TOKENS, toolsCeiling, unitsOf } from './prompt-frame.js';

/** Fields that name what the provider keeps and puts before the input. */
const STORED = ['previous_response_id', 'conversation', 'prompt'] as const;

/**
 * The most input tokens that a request to the Responses API can have; the reasons are those of `promptCeiling`. Where
 * hosted tools make the model read its context more than once, this bounds one reading of it.
 *
 * @param bodyBytes length of the body as it was received, in valid UTF-8; without it the body is written out to measure.
 */
export function responsesCeiling(body: ResponsesBody, bodyBytes?: number): number {
  let ceiling = (bodyBytes ?? Buffer.byteLength(JSON.stringify(body))) + TEMPLATE_TOKENS + toolsCeiling(body['tools']);
  for (const field of STORED) if (isGiven(body[field])) ceiling += LARGEST_CONTEXT_TOKENS;
  const { input } = body;
  if (!Array.isArray(input)) return ceiling + MESSAGE_TOKENS;
  for (const item of input as readonly Json[]) {
    ceiling += MESSAGE_TOKENS;
    if (!isJsonObject(item)) continue;
    if (item['type'] === 'item_reference') ceiling += LARGEST_CONTEXT_TOKENS;
    ceiling += partsCeiling(item['content'], body.model) + partsCeiling(item['output'], body.model);
  }
  return ceiling;
}

/** What parts add beside the bytes that they have in the body. A screenshot stands alone and not in a list. */
function partsCeiling(parts: Json | undefined, model: string): number {
  if (isJsonObject(parts)) return partCeiling(parts, model);
  let ceiling = 0;
  if (Array.isArray(parts)) {
    for (const part of parts as readonly Json[]) if (isJsonObject(part)) ceiling += partCeiling(part, model);
  }
  return ceiling;
}

function partCeiling(part: JsonObject, model: string): number {
  const { type, image_url: url } = part;
  if (type === 'input_file') return LARGEST_CONTEXT_TOKENS;
  const isImage = type === 'input_image' || type === 'computer_screenshot';
  return isImage ? imageCeiling(model) - unitsOf(url) : 0;
}
