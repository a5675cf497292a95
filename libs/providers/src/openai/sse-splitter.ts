const LF = 0x0a;
const BLANK_LINES = ['\n\n', '\r\n\r\n'] as const;

/**
 * Cuts a byte stream of server-sent events (WHATWG HTML, section 9.2) at blank lines. Whole events leave at once and as
 * they came; only the beginning of an unfinished one is held back.
 */
export class SseSplitter {
  #carry: Buffer | undefined;

  /** The whole events that are there now, if any. */
  push(chunk: Buffer): Buffer | undefined {
    const bytes = this.#carry ? Buffer.concat([this.#carry, chunk]) : chunk;
    const end = lastBoundary(bytes);
    this.#carry = end === bytes.length ? undefined : bytes.subarray(end);
    return end === 0 ? undefined : bytes.subarray(0, end);
  }

  /** What is left when the stream has ended: an event without its blank line. */
  rest(): Buffer | undefined {
    return this.#carry;
  }
}

/** The parts of whole events, each with its blank line. */
export function splitEvents(bytes: Buffer): Buffer[] {
  const events: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = firstBoundary(bytes, start);
    events.push(bytes.subarray(start, end));
    start = end;
  }
  return events;
}

/** The `data` of one event, its lines joined; empty for comments. */
export function eventData(event: Buffer): string {
  const lines = event.toString('utf8').split(/\r?\n/);
  return lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(line.startsWith('data: ') ? 6 : 5))
    .join('\n');
}

function lastBoundary(bytes: Buffer): number {
  if (bytes[bytes.length - 1] === LF && bytes[bytes.length - 2] === LF) return bytes.length;
  return Math.max(
    ...BLANK_LINES.map((blank) => {
      const at = bytes.lastIndexOf(blank);
      return at === -1 ? 0 : at + blank.length;
    }),
  );
}

function firstBoundary(bytes: Buffer, from: number): number {
  return Math.min(
    ...BLANK_LINES.map((blank) => {
      const at = bytes.indexOf(blank, from);
      return at === -1 ? bytes.length : at + blank.length;
    }),
  );
}
