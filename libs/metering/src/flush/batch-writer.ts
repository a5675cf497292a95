import { appendFile } from 'node:fs/promises';

const LINE_FEED = 0x0a;
/** SQLSTATE classes that blame the data: trying again cannot help (PostgreSQL documentation, appendix A). */
const DATA_ERROR = /^(22|23)/;

/** Writes a batch of rows, or throws and has written nothing. */
export type WriteRows = (rows: Buffer) => Promise<void>;

/**
 * Writes rows; where the database refuses the data, finds the row it refuses by halving, puts that one aside in a file
 * and writes all others, so that one bad row never holds up the ledger.
 *
 * @throws errors that do not blame the data, such as a lost connection.
 */
export async function writeAround(rows: Buffer, write: WriteRows, rejects: RejectedRows): Promise<void> {
  try {
    await write(rows);
  } catch (error) {
    if (!blamesData(error)) throw error;
    const middle = lineBoundaryNear(rows, rows.length >> 1);
    if (middle === rows.length) return rejects.add(rows, error);
    await writeAround(rows.subarray(0, middle), write, rejects);
    await writeAround(rows.subarray(middle), write, rejects);
  }
}

/** Rows that the database refuses, kept for a person to look at. */
export class RejectedRows {
  count = 0;

  constructor(
    readonly path: string,
    private readonly onReject: (error: unknown) => void,
  ) {}

  async add(row: Buffer, error: unknown): Promise<void> {
    await appendFile(this.path, row, { mode: 0o600 });
    this.count++;
    this.onReject(error);
  }
}

function blamesData(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' && DATA_ERROR.test(code);
}

/** A line's end that parts the rows in two; the whole length where there is but one line. */
function lineBoundaryNear(rows: Buffer, position: number): number {
  const before = rows.lastIndexOf(LINE_FEED, position) + 1;
  return before > 0 && before < rows.length ? before : rows.indexOf(LINE_FEED, position) + 1;
}
