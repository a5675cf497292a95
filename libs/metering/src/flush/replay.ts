import { createReadStream } from 'node:fs';
import type { AbandonedJournal } from '../journal/journal-files.js';
import { decodeGroups, rowKey } from '../journal/journal-line.js';
import { completeRow } from '../ledger/row-version.js';
import type { WriteRows } from './batch-writer.js';

const STRETCH_BYTES = 4 << 20;

export interface ReplayReport {
  readonly instance: string;
  readonly settled: number;
  /** Reservations whose outcome nobody knows: they are in the ledger as `unconfirmed`. */
  readonly unconfirmed: number;
  /** Groups of lines that cannot be read: their checksum is wrong, after a power cut. */
  readonly garbled: number;
  /** Files that end within a group: nobody was told that it was written. */
  readonly torn: number;
}

/**
 * Writes what a dead process left behind: its settlements, and of its reservations those that were never settled.
 * It may be repeated, since the ledger takes each row once. The files stay; removing them is the caller's.
 *
 * @throws what `write` throws.
 */
export async function replay(journal: AbandonedJournal, write: WriteRows): Promise<ReplayReport> {
  const open = new Map<string, Buffer>();
  let settled = 0;
  let garbled = 0;
  let torn = 0;
  for (const path of journal.segments) {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(path, { highWaterMark: STRETCH_BYTES })) {
      const stretch = Buffer.concat([rest, chunk as Buffer]);
      const decoded = decodeGroups(stretch);
      rest = stretch.subarray(decoded.consumed);
      garbled += decoded.damaged;
      const rows: Buffer[] = [];
      for (const { kind, row: written } of decoded.lines) {
        const row = completeRow(written);
        if (kind === 'R') open.set(rowKey(row), Buffer.from(row));
        else {
          open.delete(rowKey(row));
          rows.push(row);
        }
      }
      settled += rows.length;
      if (rows.length > 0) await write(Buffer.concat(rows));
    }
    if (rest.length > 0) torn++;
  }
  if (open.size > 0) await write(Buffer.concat([...open.values()]));
  return { instance: journal.instance, settled, unconfirmed: open.size, garbled, torn };
}
