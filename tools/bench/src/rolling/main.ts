import { parseArgs } from 'node:util';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { percentile } from '../statistics/percentile.js';
import { judgeRolling } from './judge-rolling.js';
import { runRolling } from './run-rolling.js';

const PROBLEMS_SHOWN = 5;

await measure('SIGTERM under load, rolling over two gateway processes', async (signal) => {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, callers: { type: 'string', default: '32' } },
  });
  const run = await runRolling(
    { rounds: wholeNumber('rounds', values.rounds), callers: wholeNumber('callers', values.callers) },
    signal,
  );
  const latencies = run.results.map(({ latencyMs }) => latencyMs);
  console.log(
    `${run.results.length} calls, half of the callers streaming; ` +
      `p50 ${percentile(latencies, 0.5).toFixed(0)} ms, p99 ${percentile(latencies, 0.99).toFixed(0)} ms, ` +
      `longest ${percentile(latencies, 1).toFixed(0)} ms`,
  );
  const failed = run.results.filter(({ outcome }) => outcome !== 'answered');
  for (const { problem } of failed.slice(0, PROBLEMS_SHOWN)) console.log(`  failed: ${problem}`);
  return judgeRolling(run);
});
