import { open } from 'node:fs/promises';
import { isSettlement, LINE_HEAD_BYTES } from '../journal/journal-line.js';

const LINE_FEED = 0x0a;

/** Reads a stretch of a file that this process wrote. */
export async function readStretch(path: string, from: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * The settled rows of a stretch of journal, ready for COPY.
 *
 * @returns the rows, and how many bytes of whole lines they were taken from.
 */
export function settledRows(stretch: Buffer): { rows: Buffer; consumed: number } {
  const rows: Buffer[] = [];
  let start = 0;
  for (let end = stretch.indexOf(LINE_FEED); end !== -1; end = stretch.indexOf(LINE_FEED, start)) {
    if (isSettlement(stretch, start)) rows.push(stretch.subarray(start + LINE_HEAD_BYTES, end + 1));
    start = end + 1;
  }
  return { rows: Buffer.concat(rows), consumed: start };
}
