import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { atMost } from '../report/finding.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { formatSpread, spreadOf } from '../statistics/spread.js';
import { startOnce, type StartRun } from './start-run.js';

const FIRST_TARGET_S = 12;
const LATER_TARGET_S = 6;

const seconds = (value: number): string => `${value.toFixed(2)} s`;

await measure('npm start to /readyz, and Ctrl-C to the end', async (signal) => {
  const { values } = parseArgs({ options: { repetitions: { type: 'string', default: '5' } } });
  const first: StartRun[] = [];
  const later: StartRun[] = [];
  for (let repetition = wholeNumber('repetitions', values.repetitions); repetition > 0; repetition--) {
    const folder = await mkdtemp(join(tmpdir(), 'parsimony-start-'));
    // PostgreSQL runs as another user where we are root, and must be able to walk this path.
    await chmod(folder, 0o755);
    try {
      first.push(await startOnce(folder, signal));
      later.push(await startOnce(folder, signal));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const firstStart = spreadOf(first.map(({ startMs }) => startMs / 1000));
  const laterStart = spreadOf(later.map(({ startMs }) => startMs / 1000));
  const stop = spreadOf([...first, ...later].map(({ stopMs }) => stopMs / 1000));
  console.log(`first start  ${formatSpread(firstStart, 2, 's')}`);
  console.log(`later start  ${formatSpread(laterStart, 2, 's')}`);
  console.log(`stop         ${formatSpread(stop, 2, 's')}`);
  return [
    atMost('first start, slowest', firstStart.max, FIRST_TARGET_S, seconds),
    atMost('start on a home that is there, slowest', laterStart.max, LATER_TARGET_S, seconds),
  ];
});
