import { isJsonObject, type Json } from '@parsimony/contract';

const TEXT_PARTS = new Set<Json | undefined>(['text', 'input_text', 'output_text']);

/**
 * The text of a message's content: a string, or a list of text parts of chat completions, Responses or Anthropic.
 *
 * @returns undefined where something else than text is in it, such as a tool's result.
 */
export function textOf(content: Json | undefined): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts: string[] = [];
  for (const part of content as readonly Json[]) {
    if (!isJsonObject(part) || !TEXT_PARTS.has(part['type']) || typeof part['text'] !== 'string') return undefined;
    texts.push(part['text']);
  }
  return texts.join('\n');
}
