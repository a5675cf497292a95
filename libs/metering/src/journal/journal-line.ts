import { crc32 } from 'node:zlib';

/**
 * A line of the journal: its kind, a tab, and COPY text, so that the flusher passes bytes on. `R` sets money aside; its
 * row is what stands in the ledger if nothing better is learnt. `S` is final. `C` ends a group with its checksum.
 */
export type LineKind = 'R' | 'S';

/** Bytes before the row. */
export const LINE_HEAD_BYTES = 2;

const KIND_RESERVATION = 'R'.charCodeAt(0);
const KIND_SETTLEMENT = 'S'.charCodeAt(0);
const KIND_CHECKSUM = 'C'.charCodeAt(0);
const LINE_FEED = 0x0a;
const TAB = 0x09;

export interface JournalLine {
  readonly kind: LineKind;
  /** COPY text with its line feed. */
  readonly row: Buffer;
}

export function encodeLine(kind: LineKind, row: string): string {
  return `${kind}\t${row}\n`;
}

/** The bytes of lines that are written together, with the checksum that proves them whole. */
export function sealGroup(lines: string): Buffer {
  return Buffer.from(`${lines}C\t${crc32(lines).toString(16).padStart(8, '0')}\n`);
}

/**
 * Reads whole groups. One that a power cut tore or garbled fails its checksum and is left out.
 *
 * @returns the lines, how many groups were left out, and `consumed`: where the last whole group ended.
 */
export function decodeGroups(bytes: Buffer): { lines: JournalLine[]; damaged: number; consumed: number } {
  const lines: JournalLine[] = [];
  let damaged = 0;
  let group: JournalLine[] = [];
  let groupStart = 0;
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    const line = bytes.subarray(start, end + 1);
    if (line[0] === KIND_CHECKSUM && line[1] === TAB) {
      if (isChecksumOf(line, bytes.subarray(groupStart, start))) lines.push(...group);
      else damaged++;
      group = [];
      groupStart = end + 1;
    } else group.push({ kind: line[0] === KIND_RESERVATION ? 'R' : 'S', row: line.subarray(LINE_HEAD_BYTES) });
    start = end + 1;
  }
  return { lines, damaged, consumed: groupStart };
}

/** Whether the line that begins there is a settlement. */
export function isSettlement(bytes: Buffer, start: number): boolean {
  return bytes[start] === KIND_SETTLEMENT;
}

function isChecksumOf(line: Buffer, group: Buffer): boolean {
  return Number.parseInt(line.toString('latin1', LINE_HEAD_BYTES, line.length - 1), 16) === crc32(group);
}

/** What names a row: tenant, time, call and rung, its first four fields. */
export function rowKey(row: Buffer): string {
  let end = -1;
  for (let field = 0; field < 4; field++) end = row.indexOf(TAB, end + 1);
  return row.toString('latin1', 0, end);
}
