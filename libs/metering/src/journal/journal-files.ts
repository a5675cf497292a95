import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SEGMENT = /^([0-9a-f-]{36})\.(\d{8})\.journal$/;
const OWNER = /^([0-9a-f-]{36})\.owner$/;

/** The journal of a process that is no more. */
export interface AbandonedJournal {
  readonly instance: string;
  /** In the order of writing. */
  readonly segments: readonly string[];
}

/** The names of files in the journal's folder; several gateways may share it. */
export class JournalFiles {
  constructor(readonly directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  segmentPath(instance: string, number: number): string {
    return join(this.directory, `${instance}.${String(number).padStart(8, '0')}.journal`);
  }

  /** Says that this process owns the segments of `instance`. */
  claim(instance: string): void {
    writeFileSync(this.#ownerPath(instance), `${process.pid} ${startOf(process.pid) ?? ''}`, { mode: 0o600 });
  }

  /** Takes the owner's mark away: what is left of `instance` is anybody's to replay. */
  forget(instance: string): void {
    rmSync(this.#ownerPath(instance), { force: true });
  }

  /** Journals whose owners died. */
  abandoned(): AbandonedJournal[] {
    const found = new Map<string, string[]>();
    for (const name of readdirSync(this.directory).sort()) {
      const segment = SEGMENT.exec(name);
      const instance = segment?.[1] ?? OWNER.exec(name)?.[1];
      if (instance === undefined) continue;
      const segments = found.get(instance) ?? [];
      if (segment) segments.push(join(this.directory, name));
      found.set(instance, segments);
    }
    return [...found]
      .filter(([instance]) => !this.#isOwned(instance))
      .map(([instance, segments]) => ({ instance, segments }));
  }

  #isOwned(instance: string): boolean {
    let owner: string;
    try {
      owner = readFileSync(this.#ownerPath(instance), 'latin1');
    } catch {
      return false;
    }
    const [pid = '', start = ''] = owner.split(' ');
    return startOf(Number(pid)) === start;
  }

  #ownerPath(instance: string): string {
    return join(this.directory, `${instance}.owner`);
  }
}

/**
 * When a process was started, in a form that only compares; undefined where there is none. A process number alone would
 * take a stranger that got the number later for the owner.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return isAlive(pid) ? '' : undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
