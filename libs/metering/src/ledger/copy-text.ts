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

const UNICODE_ESCAPES = /\\\\|\\u(?:0000|d[89a-f][\da-f]{2})/g;

/**
 * A value for COPY into a `jsonb` column. NUL and lone surrogates, which JSON may hold and PostgreSQL's `jsonb` refuses,
 * become U+FFFD: the row, and the money in it, would be put aside. So would what is no JSON, which becomes null.
 */
export function copyJson(value: unknown): string {
  const json = stringify(value);
  if (json === undefined) return COPY_NULL;
  const clean = json.includes('\\u')
    ? json.replace(UNICODE_ESCAPES, (escape) => (escape === '\\\\' ? escape : '\uFFFD'))
    : json;
  return copyText(clean);
}

/** Plugins in plain JavaScript may hand over what has no JSON: a bigint, or an object inside itself. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
