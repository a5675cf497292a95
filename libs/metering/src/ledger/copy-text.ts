/** SQL NULL in PostgreSQL's COPY text format (PostgreSQL documentation, COPY, "Text Format"). */
export const COPY_NULL = '\\N';

const SPECIAL = /[\\\t\n\r]/;
const SPECIALS = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A text value for COPY. NUL, which PostgreSQL's text cannot hold, becomes U+FFFD: one such row would stop its whole batch. */
export function copyText(value: string | null): string {
  if (value === null) return COPY_NULL;
  const clean = value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  return SPECIAL.test(clean) ? clean.replace(SPECIALS, (character) => ESCAPES[character] ?? character) : clean;
}
