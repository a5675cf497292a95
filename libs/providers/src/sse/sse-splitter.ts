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
  const ends = BLANK_LINES.map((blank) => boundary(bytes, blank, 0));
  for (let start = 0; start < bytes.length;) {
    // Searched on only from where it was found: to search to the end for each event would take quadratic time.
    for (const [index, blank] of BLANK_LINES.entries())
      if ((ends[index] ?? 0) <= start) ends[index] = boundary(bytes, blank, start);
    const end = Math.min(...ends);
    events.push(bytes.subarray(start, end));
    start = end;
  }
  return events;
}

/** The `data` of one event, its lines joined; empty for comments. */
export function eventData(event: Buffer): string {
  return dataOf(event.toString('utf8'));
}

/** The `data` of each of the whole events, decoded at one go: where all are read, a buffer for each would cost more. */
export function eventsData(bytes: Buffer): string[] {
  const text = bytes.toString('utf8');
  if (text.includes('\r')) return splitEvents(bytes).map(eventData);
  const events = text.split('\n\n');
  if (events.at(-1) === '') events.pop();
  return events.map(dataOf);
}

function dataOf(event: string): string {
  let data: string | undefined;
  for (const line of event.split('\n')) {
    if (!line.startsWith('data:')) continue;
    const value = line.slice(line.startsWith('data: ') ? 6 : 5, line.endsWith('\r') ? -1 : undefined);
    data = data === undefined ? value : `${data}\n${value}`;
  }
  return data ?? '';
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

/** The position behind the next blank line, or the end. */
function boundary(bytes: Buffer, blank: string, from: number): number {
  const at = bytes.indexOf(blank, from);
  return at === -1 ? bytes.length : at + blank.length;
}
