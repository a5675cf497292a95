import { crc32 } from 'node:zlib';

/**
 * A line of the journal: kind, checksum, row, tab between them. `R` sets money aside; its row is what stands in the
 * ledger if nothing better is learnt. `S` is final. The row is COPY text, so that the flusher passes bytes on.
 */
export type LineKind = 'R' | 'S';

/** Bytes before the row: kind, tab, eight hexadecimal digits, tab. */
export const LINE_HEAD_BYTES = 11;

const KIND_RESERVATION = 'R'.charCodeAt(0);
const KIND_SETTLEMENT = 'S'.charCodeAt(0);
const LINE_FEED = 0x0a;

export interface JournalLine {
  readonly kind: LineKind;
  /** COPY text with its line feed. */
  readonly row: Buffer;
}

export function encodeLine(kind: LineKind, row: string): string {
  return `${kind}\t${crc32(row).toString(16).padStart(8, '0')}\t${row}\n`;
}

/**
 * Reads whole lines. A line that a power cut tore or garbled fails its checksum and is left out.
 *
 * @returns the lines and how many were left out; `consumed` is where the last whole line ended.
 */
export function decodeLines(bytes: Buffer): { lines: JournalLine[]; damaged: number; consumed: number } {
  const lines: JournalLine[] = [];
  let damaged = 0;
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    const line = decodeLine(bytes.subarray(start, end + 1));
    if (line) lines.push(line);
    else damaged++;
    start = end + 1;
  }
  return { lines, damaged, consumed: start };
}

function decodeLine(line: Buffer): JournalLine | undefined {
  const kind = line[0] === KIND_SETTLEMENT ? 'S' : line[0] === KIND_RESERVATION ? 'R' : undefined;
  if (!kind || line.length <= LINE_HEAD_BYTES) return undefined;
  const checksum = Number.parseInt(line.toString('latin1', 2, LINE_HEAD_BYTES - 1), 16);
  const row = line.subarray(LINE_HEAD_BYTES);
  return crc32(row.subarray(0, -1)) === checksum ? { kind, row } : undefined;
}

/** What names a row: tenant, time, call and rung, its first four fields. */
export function rowKey(row: Buffer): string {
  let end = -1;
  for (let field = 0; field < 4; field++) end = row.indexOf(0x09, end + 1);
  return row.toString('latin1', 0, end);
}
