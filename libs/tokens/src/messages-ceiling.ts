import { isJsonObject } from '@parsimony/contract';
import type { Json, JsonObject, MessagesBody } from '@parsimony/contract';
import { imageCeiling } from './image-ceiling.js';
import { LARGEST_CONTEXT_TOKENS } from './largest-context.js';
import { isGiven, MESSAGE_TOKENS, TEMPLATE_TOKENS, toolsCeiling, unitsOf } from './prompt-frame.js';

/** Sources of documents whose text stands in the body. */
const WRITTEN_SOURCES: ReadonlySet<Json | undefined> = new Set(['text', 'content']);

/**
 * The most input tokens that a request to Anthropic's Messages API can have; the reasons are those of `promptCeiling`.
 * Where hosted tools make the model read its context more than once, this bounds one reading of it.
 *
 * @param bodyBytes length of the body as it was received, in valid UTF-8; without it the body is written out to measure.
 */
export function messagesCeiling(body: MessagesBody, bodyBytes?: number): number {
  let ceiling = (bodyBytes ?? Buffer.byteLength(JSON.stringify(body))) + TEMPLATE_TOKENS + toolsCeiling(body['tools']);
  if (isGiven(body['mcp_servers'])) ceiling += LARGEST_CONTEXT_TOKENS;
  for (const message of body.messages) ceiling += MESSAGE_TOKENS + blocksCeiling(message.content, body.model);
  return ceiling;
}

function blocksCeiling(blocks: Json | undefined, model: string): number {
  if (!Array.isArray(blocks)) return 0;
  let ceiling = 0;
  for (const block of blocks as readonly Json[]) if (isJsonObject(block)) ceiling += blockCeiling(block, model);
  return ceiling;
}

/** What a block adds beside the bytes that it has in the body. Results of tools hold blocks, and so do documents. */
function blockCeiling(block: JsonObject, model: string): number {
  const { type, source, content } = block;
  const from = isJsonObject(source) ? source : {};
  if (type === 'image') return imageCeiling(model) - unitsOf(from['data']) - unitsOf(from['url']);
  const within = blocksCeiling(content, model) + blocksCeiling(from['content'], model);
  return type === 'document' && !WRITTEN_SOURCES.has(from['type']) ? within + LARGEST_CONTEXT_TOKENS : within;
}
