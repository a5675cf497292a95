import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aRow } from '../../test/a-row.js';
import { JournalFolder } from '../../test/journal-folder.js';

const INSTANCE = '11111111-2222-4333-8444-555555555555';

/** Another process, that lives until it is killed. */
async function startProcess(): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)']);
  await once(child.stdout, 'data');
  return child as ChildProcess & { readonly pid: number };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** The mark that a process leaves which owns a journal, and one segment of it. */
function own(folder: JournalFolder, pid: number): void {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  writeFileSync(join(folder.directory, `${INSTANCE}.owner`), `${pid} ${start}`);
  writeFileSync(folder.files.segmentPath(INSTANCE, 0), '');
}

it("takes no journal of one's own, nor of another that lives", async () => {
  using folder = new JournalFolder();
  const journal = folder.open();
  await journal.reserve(aRow());
  const child = await startProcess();
  own(folder, child.pid);
  expect(folder.files.abandoned()).toEqual([]);
  await kill(child);
  expect(folder.files.abandoned()).toEqual([{ instance: INSTANCE, segments: [folder.files.segmentPath(INSTANCE, 0)] }]);
});

it('does not take a stranger for the owner, who got the process number later', async () => {
  using folder = new JournalFolder();
  const child = await startProcess();
  writeFileSync(join(folder.directory, `${INSTANCE}.owner`), `${child.pid} 1`);
  expect(folder.files.abandoned()).toEqual([{ instance: INSTANCE, segments: [] }]);
  await kill(child);
});

it.each(['nonsense', '99999999 5'])('takes the mark %j for nobody living', (mark) => {
  using folder = new JournalFolder();
  writeFileSync(join(folder.directory, `${INSTANCE}.owner`), mark);
  expect(folder.files.abandoned()).toEqual([{ instance: INSTANCE, segments: [] }]);
});

it('waits with a mark that is not written yet: its owner is just beginning', () => {
  using folder = new JournalFolder();
  writeFileSync(join(folder.directory, `${INSTANCE}.owner`), '');
  expect(folder.files.abandoned()).toEqual([]);
});

it('finds segments in the order of writing, also without a mark, and nothing else', () => {
  using folder = new JournalFolder();
  const paths = [10, 2, 1].map((number) => folder.files.segmentPath(INSTANCE, number));
  for (const path of paths) writeFileSync(path, '');
  for (const stranger of ['rejected.rows', 'x.journal', `${INSTANCE}.journal`, 'notes.txt'])
    writeFileSync(join(folder.directory, stranger), '');
  expect(folder.files.abandoned()).toEqual([{ instance: INSTANCE, segments: paths.toReversed() }]);
});

it('forgets who stops, whose rest is then anybody’s', () => {
  using folder = new JournalFolder();
  const journal = folder.open();
  folder.files.forget(journal.instance);
  expect(folder.files.abandoned()).toMatchObject([{ instance: journal.instance }]);
  folder.files.forget(journal.instance);
});
