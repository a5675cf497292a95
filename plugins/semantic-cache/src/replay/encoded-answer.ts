import type { JsonObject, ReplyAnswer, ReplyDelta } from '@parsimony/contract';
import { chunksOf } from './server-sent-chunks.js';

/** The part of a reply that bears its content. */
export type ContentEvent = ReplyDelta | ReplyAnswer;

/** How one event stands in the bytes. `raw`: they are the provider's own; else JSON of what the event says. */
interface Part {
  readonly type: ContentEvent['type'];
  readonly bytes: number;
  readonly raw?: true;
  readonly final?: true;
  readonly contentType?: string;
}

const LENGTH_BYTES = 4;

/** The bytes of one event, as they are kept. */
export function bytesOfContent(event: ContentEvent): Uint8Array {
  return event.wire ?? Buffer.from(JSON.stringify(event.type === 'delta' ? event.chunks : event.body));
}

/**
 * Writes the content of a reply so that it can be given again byte by byte, in the same pieces: the length of a table of
 * parts (32 bits, big-endian), the table as JSON, and the parts' bytes one behind the other.
 */
export function encodeAnswer(events: readonly ContentEvent[], contents: readonly Uint8Array[]): Buffer {
  const parts = events.map((event, index) => partOf(event, contents[index]?.byteLength ?? 0));
  const table = Buffer.from(JSON.stringify(parts));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(table.byteLength);
  return Buffer.concat([length, table, ...contents]);
}

/** Reads what `encodeAnswer` wrote. Chunks and bodies are parsed when they are first read. */
export function decodeAnswer(answer: Uint8Array): readonly ContentEvent[] {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  let position = LENGTH_BYTES + bytes.readUInt32BE();
  const parts = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, position)) as readonly Part[];
  return parts.map((part) => {
    const content = bytes.subarray(position, (position += part.bytes));
    return part.type === 'delta' ? new KeptDelta(content, part) : new KeptAnswer(content, part);
  });
}

function partOf(event: ContentEvent, bytes: number): Part {
  const raw = event.wire !== undefined && { raw: true as const };
  if (event.type === 'delta') return { type: 'delta', bytes, ...raw, ...(event.final && { final: true }) };
  return { type: 'answer', bytes, ...raw, ...(event.contentType !== undefined && { contentType: event.contentType }) };
}

class KeptDelta implements ReplyDelta {
  readonly type = 'delta';
  declare readonly wire?: Uint8Array;
  declare readonly final?: true;
  #chunks: readonly JsonObject[] | undefined;

  constructor(
    private readonly content: Buffer,
    part: Part,
  ) {
    if (part.raw) this.wire = content;
    if (part.final) this.final = true;
  }

  get chunks(): readonly JsonObject[] {
    return (this.#chunks ??= this.wire
      ? chunksOf(this.wire)
      : (JSON.parse(this.content.toString('utf8')) as readonly JsonObject[]));
  }
}

class KeptAnswer implements ReplyAnswer {
  readonly type = 'answer';
  declare readonly wire?: Uint8Array;
  declare readonly contentType?: string;
  #body: JsonObject | undefined;

  constructor(
    private readonly content: Buffer,
    part: Part,
  ) {
    if (part.raw) this.wire = content;
    if (part.contentType !== undefined) this.contentType = part.contentType;
  }

  /** Empty where the answer is not JSON. */
  get body(): JsonObject {
    return (this.#body ??=
      this.contentType === undefined ? (JSON.parse(this.content.toString('utf8')) as JsonObject) : {});
  }
}
