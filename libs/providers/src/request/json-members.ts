const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * The raw bytes of every top-level member (`"name": value`) of a JSON object, by name; of members with one name the
 * last counts, as in `JSON.parse`.
 *
 * @param json bytes that `JSON.parse` has accepted as an object.
 */
export function jsonMembers(json: Buffer): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  let at = json.indexOf(OPEN_BRACE) + 1;
  for (;;) {
    const start = skipSpace(json, at);
    if (json[start] !== QUOTE) return members;
    const end = stringEnd(json, start);
    const name: unknown = JSON.parse(json.toString('utf8', start, end));
    at = valueEnd(json, json.indexOf(COLON, end) + 1);
    members.set(String(name), trimEnd(json.subarray(start, at)));
    if (json[at] === CLOSE_BRACE) return members;
    at++;
  }
}

/** `{` + members + `}`. */
export function joinMembers(members: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [OPEN];
  for (const member of members) {
    if (parts.length > 1) parts.push(SEPARATOR);
    parts.push(member);
  }
  parts.push(CLOSE);
  return Buffer.concat(parts);
}

const OPEN = Buffer.from('{');
const SEPARATOR = Buffer.from(',');
const CLOSE = Buffer.from('}');

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while ((json[at] ?? QUOTE) <= 0x20) at++;
  return at;
}

/** The position behind the closing quote of the string that begins at `start`. */
function stringEnd(json: Buffer, start: number): number {
  let quote = json.indexOf(QUOTE, start + 1);
  while (quote !== -1 && isEscaped(json, quote)) quote = json.indexOf(QUOTE, quote + 1);
  return quote + 1;
}

function isEscaped(json: Buffer, quote: number): boolean {
  let backslashes = 0;
  while (json[quote - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

/** The position of the `,` or `}` that ends the top-level value which begins at or behind `start`. */
function valueEnd(json: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = stringEnd(json, at);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (depth === 0 && (byte === COMMA || byte === CLOSE_BRACE)) return at;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    at++;
  }
  return at;
}

function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while ((bytes[end - 1] ?? QUOTE) <= 0x20) end--;
  return bytes.subarray(0, end);
}
