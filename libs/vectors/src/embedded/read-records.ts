import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { decodeRecord, FRAME_BYTES, type LogRecord } from './records.js';

/** Bytes read at a time; others are served between two reads. */
const READ_BYTES = 1 << 18;

/**
 * Reads a log up to its end, or up to the first record that is cut or damaged.
 *
 * @returns how many bytes are good, of how many
 * @throws Error of the file system
 */
export async function readRecords(
  path: string,
  each: (record: LogRecord) => void,
): Promise<{ good: number; size: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    let good = 0;
    let rest: Buffer = Buffer.alloc(0);
    for (let read = 0; read < size;) {
      const chunk = Buffer.allocUnsafe(Math.max(READ_BYTES, wantedBytes(rest, size - good)));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, read);
      if (bytesRead === 0) break;
      read += bytesRead;
      const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const { end, damaged } = eachRecord(bytes, each);
      good += end;
      if (damaged) break;
      rest = bytes.subarray(end);
    }
    return { good, size };
  } finally {
    await file.close();
  }
}

/** How many bytes the record that begins in `rest` still lacks; no more than the file has. */
function wantedBytes(rest: Buffer, left: number): number {
  return rest.length < FRAME_BYTES ? 0 : Math.min(rest.readUInt32LE(0), left);
}

function eachRecord(bytes: Buffer, each: (record: LogRecord) => void): { end: number; damaged: boolean } {
  let end = 0;
  while (bytes.length - end >= FRAME_BYTES) {
    const bodyStart = end + FRAME_BYTES;
    const body = bytes.subarray(bodyStart, bodyStart + bytes.readUInt32LE(end));
    if (bodyStart + bytes.readUInt32LE(end) > bytes.length) break;
    if (body.length === 0 || crc32(body) !== bytes.readUInt32LE(end + 4)) return { end, damaged: true };
    each(decodeRecord(body));
    end = bodyStart + body.length;
  }
  return { end, damaged: false };
}
