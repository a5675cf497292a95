import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalFiles } from '../src/journal/journal-files.js';
import { decodeGroups, rowKey, type LineKind } from '../src/journal/journal-line.js';
import { Journal, type JournalOptions } from '../src/journal/journal.js';

/** A folder of journals, removed when the spec is through. */
export class JournalFolder implements Disposable {
  readonly files: JournalFiles;
  readonly faults: unknown[] = [];
  readonly #opened: Journal[] = [];

  constructor(readonly directory = mkdtempSync(join(tmpdir(), 'parsimony-journal-'))) {
    this.files = new JournalFiles(directory);
  }

  open(options: Partial<JournalOptions> = {}): Journal {
    const journal = new Journal(this.files, { onFault: (error) => this.faults.push(error), ...options });
    this.#opened.push(journal);
    return journal;
  }

  /** The names of all files with this ending. */
  names(ending: string): string[] {
    return readdirSync(this.directory)
      .filter((name) => name.endsWith(ending))
      .sort();
  }

  [Symbol.dispose](): void {
    for (const journal of this.#opened) journal[Symbol.dispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export interface ReadLine {
  readonly kind: LineKind;
  readonly key: string;
  readonly text: string;
}

/** What stands in the journal's files now. */
export function linesOf(journal: Journal): ReadLine[] {
  return journal.segments.flatMap(({ path }) => linesIn(path));
}

export function linesIn(path: string): ReadLine[] {
  const { lines, damaged } = decodeGroups(readFileSync(path));
  if (damaged > 0) throw new Error(`${path} has ${damaged} damaged groups`);
  return lines.map(({ kind, row }) => ({ kind, key: rowKey(row), text: row.toString('utf8') }));
}

/** How many times the journal wrote. */
export function groupsOf(journal: Journal): number {
  return journal.segments
    .map(({ path }) => readFileSync(path, 'latin1').match(/^C\t/gm)?.length ?? 0)
    .reduce((sum, groups) => sum + groups, 0);
}
