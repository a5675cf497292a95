const LF = 0x0a;
const BLANK_LINES = ['\n\n', '\r\n\r\n'] as const;
/** One byte less than the longest blank line. */
const TAIL_BYTES = 3;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Cuts a byte stream of server-sent events (WHATWG HTML, section 9.2) at blank lines. Whole events leave at once and as
 * they came; only the beginning of an unfinished one is held back.
 */
export class SseSplitter {
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** The last bytes of what is held: a blank line may have begun there. */
  #tail: Buffer = NOTHING;

  /** Bytes of the event that is not finished yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The whole events that are there now, if any. */
  push(chunk: Buffer): Buffer | undefined {
    // Only here can a boundary be new: to search all that is held again for every chunk would take quadratic time.
    const recent = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    const boundary = lastBoundary(recent);
    if (boundary === 0) {
      this.#hold(chunk);
      return undefined;
    }
    const end = boundary - this.#tail.length;
    const ending = chunk.subarray(0, end);
    const events = this.#held.length === 0 ? ending : Buffer.concat([...this.#held, ending]);
    this.#held = [];
    this.#heldBytes = 0;
    this.#tail = NOTHING;
    if (end < chunk.length) this.#hold(chunk.subarray(end));
    return events;
  }

  /** What is left when the stream has ended: an event without its blank line; empty where there is none. */
  rest(): Buffer {
    return Buffer.concat(this.#held);
  }

  #hold(part: Buffer): void {
    this.#held.push(part);
    this.#heldBytes += part.length;
    const tail = part.length < TAIL_BYTES ? Buffer.concat([this.#tail, part]) : part;
    this.#tail = tail.subarray(-TAIL_BYTES);
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
