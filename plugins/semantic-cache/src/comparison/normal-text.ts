/** A number with its sign and what stands between its digits; a word; a sign that says something, such as `=`, `€` or 👍. */
const TOKEN =
  /(?<![\p{L}\p{N}])-?\p{N}+(?:[.,:/-]\p{N}+)*(?![\p{L}\p{M}])|[\p{L}\p{M}\p{N}]+|[\p{Sm}\p{Sc}\p{So}%#&@/]/gu;

/**
 * A text as far as two answers count as one: compatibility forms (Unicode NFKC), case, white space, punctuation and
 * Markdown's marks make no difference; words, numbers and other signs do.
 */
export function normalText(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[‐-―−]/gu, '-');
  return (plain.match(TOKEN) ?? []).join(' ');
}
