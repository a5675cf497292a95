const CONTINUATION_MASK = 0b1100_0000;
const CONTINUATION = 0b1000_0000;

/** The beginning of a text that has at most so many bytes in UTF-8, never half a character. */
export function firstBytes(text: string, maxBytes: number): string {
  // A UTF-16 unit has at most three bytes.
  if (text.length * 3 <= maxBytes) return text;
  // What is past the limit for certain need not be encoded.
  const bytes = Buffer.from(text.slice(0, maxBytes + 1));
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & CONTINUATION_MASK) === CONTINUATION) end--;
  return bytes.toString('utf8', 0, end);
}
