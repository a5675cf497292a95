import type { Json } from '@parsimony/contract';

/** Of a longer prompt no text is kept. */
const LONGEST_PROMPT = 65_536;

/** Members that say what a text is, and are none that anybody asked. */
const NOT_ASKED = new Set(['role', 'type', 'id', 'call_id', 'tool_call_id', 'tool_use_id', 'cache_control']);

/** Content that is written into a body as text and is none. */
const DATA_URL = /^data:[^,]{0,200},/;

/** A text in the form in which prompts are kept and searched: any case of a letter is the same, in Russian too. */
export function foldPrompt(text: string): string {
  // PostgreSQL's text cannot hold the character NUL.
  return text.normalize('NFC').replaceAll('\0', ' ').toLowerCase();
}

/**
 * All texts in what was asked, folded, for purges by text.
 *
 * @returns null where not all of it is text or it is too long: such an entry goes with every purge by text.
 */
export function promptOf(asked: Json | undefined): string | null {
  const texts: string[] = [];
  const isText = collect(asked, texts);
  const prompt = foldPrompt(texts.join('\n'));
  return isText && prompt.length <= LONGEST_PROMPT ? prompt : null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** @returns false where there is a number instead of a text: embeddings may be asked for by tokens. */
function collect(value: Json | undefined, texts: string[]): boolean {
  if (typeof value === 'string') {
    if (!DATA_URL.test(value)) texts.push(value);
    return true;
  }
  if (typeof value === 'number') return false;
  if (value === undefined || value === null || typeof value === 'boolean') return true;
  if (isList(value)) return value.every((item) => collect(item, texts));
  return Object.entries(value).every(([name, member]) => NOT_ASKED.has(name) || collect(member, texts));
}
