import type { ChatBody, Json, JsonObject } from '@parsimony/contract';
import { imageCeiling } from './image-ceiling.js';
import { LARGEST_CONTEXT_TOKENS } from './largest-context.js';
import { isGiven, MESSAGE_TOKENS, TEMPLATE_TOKENS, toolsCeiling } from './prompt-frame.js';

/** An earlier answer in speech is named by its id alone; no model that speaks has a larger context. */
const EARLIER_AUDIO_TOKENS = 128_000;

/**
 * The most input tokens that a chat completion can have, in time that grows with the number of messages and parts and
 * not with the text.
 *
 * Every text that the model reads, tools and schemas included, stands in the JSON body, where it is never shorter than
 * as UTF-8 (an escape such as `\u00e9` has six bytes, what it stands for at most three), and a token covers at least one
 * byte. Speech has more bytes than tokens in every format that is taken. Images are not read as text: their data
 * leave the sum, and a ceiling for each takes their place. A document is read as text and as images of its pages; no count
 * of its bytes bounds that, but the largest context does.
 *
 * @param bodyBytes length of the body as it was received, in valid UTF-8; without it the body is written out to measure.
 */
export function promptCeiling(body: ChatBody, bodyBytes?: number): number {
  let ceiling = (bodyBytes ?? Buffer.byteLength(JSON.stringify(body))) + TEMPLATE_TOKENS;
  ceiling += toolsCeiling(body['tools']) + toolsCeiling(body['functions']);
  if (isGiven(body['web_search_options'])) ceiling += LARGEST_CONTEXT_TOKENS;
  for (const message of body.messages) {
    ceiling += MESSAGE_TOKENS;
    if (isObject(message['audio'])) ceiling += EARLIER_AUDIO_TOKENS;
    if (!Array.isArray(message.content)) continue;
    for (const part of message.content as readonly Json[]) ceiling += partCeiling(part, body.model);
  }
  return ceiling;
}

/** What a part adds beside the bytes that it has in the body; negative where most of its bytes are no text. */
function partCeiling(part: Json, model: string): number {
  if (!isObject(part)) return 0;
  const { type, image_url: image, file } = part;
  if (file !== undefined) return LARGEST_CONTEXT_TOKENS;
  if (image === undefined && !(typeof type === 'string' && type.includes('image'))) return 0;
  const url = isObject(image) ? image['url'] : image;
  // A UTF-16 unit has at least one byte in the body, so that no more is taken off than the URL put in.
  return imageCeiling(model) - (typeof url === 'string' ? url.length : 0);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
