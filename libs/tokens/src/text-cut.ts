/** Where a text may be cut, and whether its parts then have the very tokens of the whole. */
export interface Cut {
  /** UTF-16 offset of the end. */
  readonly end: number;
  readonly exact: boolean;
}

/** How far back a border is looked for: no word of any language is that long, so that what lacks one is no prose. */
export const LONGEST_RUN = 512;

const LETTER = /^\p{L}/u;
const NUMBER = /^\p{N}/u;
/** Marks belong to the letter before them, and an apostrophe may begin a contraction (`'s`) that does. */
const CONTINUES = /^[\p{M}'’]/u;

/**
 * The end of a part of `text` that begins at `from` and is at most `limit` (at least 2) UTF-16 units long.
 *
 * Both vocabularies split a text by a pattern before they merge bytes to tokens, and that pattern always ends a piece
 * between a letter or number and whatever is neither of its kind. A cut there is exact. Where there is no such border
 * the text is cut in the middle of a piece, though never inside a surrogate pair.
 */
export function cut(text: string, from: number, limit: number): Cut {
  const end = from + limit;
  if (end >= text.length) return { end: text.length, exact: true };
  const earliest = Math.max(from, end - LONGEST_RUN);
  for (let border = end; border > earliest; border--) if (isBorder(text, border)) return { end: border, exact: true };
  return { end: isInsidePair(text, end) ? end - 1 : end, exact: false };
}

function isBorder(text: string, index: number): boolean {
  if (isInsidePair(text, index)) return false;
  const before = characterAt(text, isInsidePair(text, index - 1) ? index - 2 : index - 1);
  const after = characterAt(text, index);
  if (LETTER.test(before)) return !LETTER.test(after) && !CONTINUES.test(after);
  if (NUMBER.test(before)) return !NUMBER.test(after) && !CONTINUES.test(after);
  return false;
}

function characterAt(text: string, index: number): string {
  return String.fromCodePoint(text.codePointAt(index) ?? 0);
}

function isInsidePair(text: string, index: number): boolean {
  return isSurrogate(text.charCodeAt(index - 1), 0xd800) && isSurrogate(text.charCodeAt(index), 0xdc00);
}

function isSurrogate(unit: number, half: 0xd800 | 0xdc00): boolean {
  return (unit & 0xfc00) === half;
}
