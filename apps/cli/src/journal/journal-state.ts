import { access, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { JournalFiles } from '@parsimony/metering';

export interface JournalState {
  /** Names of segments that a process left behind; a gateway replays them when it starts. */
  readonly leftOver: readonly string[];
  /** Names of segments that living gateways wrote to within the last moments, so that the database may lack the end. */
  readonly fresh: readonly string[];
  readonly bytes: number;
  /** Bytes of rows that the database refused and that wait for a person. */
  readonly rejectedBytes: number;
}

/** While the database is there, what was written earlier is in it. */
const FLUSHED_WITHIN_MS = 5_000;

/** The journal below a data folder, as it is at this moment; makes nothing. */
export async function journalState(home: string, now = Date.now()): Promise<JournalState> {
  const folder = join(home, 'journal');
  const present = await access(folder).then(
    () => true,
    () => false,
  );
  if (!present) return { leftOver: [], fresh: [], bytes: 0, rejectedBytes: 0 };
  const abandoned = new Set(
    new JournalFiles(folder).abandoned().flatMap(({ segments }) => segments.map((path) => basename(path))),
  );
  const leftOver: string[] = [];
  const fresh: string[] = [];
  let bytes = 0;
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.journal')).toSorted()) {
    // A gateway may remove it in this moment: then it is in the database.
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (!found || found.size === 0) continue;
    bytes += found.size;
    if (abandoned.has(name)) leftOver.push(name);
    else if (now - found.mtimeMs < FLUSHED_WITHIN_MS) fresh.push(name);
  }
  const rejected = await stat(join(folder, 'rejected.rows')).catch(() => undefined);
  return { leftOver, fresh, bytes, rejectedBytes: rejected?.size ?? 0 };
}
