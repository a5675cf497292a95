import { Journal } from '../src/journal/journal.js';
import { JournalFiles } from '../src/journal/journal-files.js';
import { aLedgerCall, aRow, CLOSED, SETTLED } from './a-row.js';

/**
 * A gateway's journal in a process of its own, to be killed: it keeps reserving and settling, and says which calls it has
 * reserved and which it has settled, once that is written.
 */
const journal = new Journal(new JournalFiles(process.argv[2] ?? ''), { segmentBytes: 16_384 });

async function run(): Promise<never> {
  for (let number = 0; ; number++) {
    const call = aLedgerCall();
    const row = aRow(call);
    await journal.reserve(row);
    process.stdout.write(`reserved ${call.id}\n`);
    if (number % 3 === 0) continue;
    row.settle(SETTLED);
    row.close(CLOSED);
    journal.settle(row);
    await journal.commit();
    process.stdout.write(`settled ${call.id}\n`);
    // A process that never lets go would not get to write what it says.
    if (number % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

await run();
