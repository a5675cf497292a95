import { parseArgs } from 'node:util';
import { slowestLines } from '../fuzz/fuzz-report.js';
import { atMost, type Finding } from '../report/finding.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { percentile } from '../statistics/percentile.js';
import { CAP, runCap, type CapOptions, type CapRun } from './cap-run.js';
import { Fleet } from './fleet.js';
import { hotPathLine, runHotPath } from './hot-path.js';
import { capLines, judgeKills, judgeShare } from './judge-cap.js';
import { judgeRestart } from './judge-restart.js';
import { judgeThroughput, throughputLines } from './judge-throughput.js';
import { judgeModel, runModel } from './run-model.js';
import { runRestart } from './run-restart.js';
import { runThroughput } from './run-throughput.js';
import { partsOf, type Part } from './parts.js';

const GATEWAYS = 4;
const KILL_AT = [0.3, 0.6];
const STOP_AFTER_REFUSALS = 3;
const HOT_PATH_TIMES = 500_000;
const HOT_PATH_MICROSECONDS = 5;
const SLOWEST_SHOWN = 3;
const PROBLEMS_SHOWN = 5;

await measure('Budgets that cannot be overspent', async (signal) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seeds: { type: 'string', default: '20' },
      'first-seed': { type: 'string', default: '1' },
      callers: { type: 'string', default: '250' },
      rounds: { type: 'string', default: '7' },
      seconds: { type: 'string', default: '6' },
      steps: { type: 'string', default: '1000000' },
    },
  });
  const first = wholeNumber('first-seed', values['first-seed'], 0);
  const seeds = Array.from({ length: wholeNumber('seeds', values.seeds) }, (_, index) => first + index);
  const callers = wholeNumber('callers', values.callers);
  const rounds = wholeNumber('rounds', values.rounds);
  const seconds = wholeNumber('seconds', values.seconds);
  const steps = wholeNumber('steps', values.steps);

  const everySeed = async (options: Pick<CapOptions, 'killAt' | 'stopAfterRefusals'>): Promise<CapRun[]> => {
    await using fleet = await Fleet.start(GATEWAYS);
    const runs: CapRun[] = [];
    for (const seed of seeds) {
      const run = await runCap(fleet, { seed, cap: CAP, callers, ...options }, signal);
      for (const line of capLines(run)) console.log(line);
      runs.push(run);
    }
    return runs;
  };

  const parts: Readonly<Record<Part, () => Promise<Finding[]>>> = {
    kills: async () =>
      judgeKills(
        'two of four gateways killed',
        await everySeed({ killAt: KILL_AT, stopAfterRefusals: STOP_AFTER_REFUSALS }),
        KILL_AT.length,
      ),
    share: async () =>
      judgeShare('four gateways', await everySeed({ killAt: [], stopAfterRefusals: STOP_AFTER_REFUSALS })),
    'first-refusal': async () =>
      judgeShare('until the first refusal', await everySeed({ killAt: [], stopAfterRefusals: 1 })),
    'hot-path': async () => {
      const run = await runHotPath(HOT_PATH_TIMES, signal);
      console.log(hotPathLine(run));
      const median = percentile(run.microseconds, 0.5);
      return [atMost('p50 of taking and settling in four budgets', median, HOT_PATH_MICROSECONDS, microseconds)];
    },
    throughput: async () => {
      const measured = await runThroughput({ rounds, seconds, connections: 64 }, signal);
      for (const line of throughputLines(measured)) console.log(line);
      return judgeThroughput(measured);
    },
    restart: async () => {
      const run = await runRestart({ callers: 64, seconds: 10 }, signal);
      console.log(`restart: ${run.results.length} calls`);
      const failed = run.results.filter(({ outcome }) => outcome !== 'answered');
      for (const { problem } of failed.slice(0, PROBLEMS_SHOWN)) console.log(`  failed: ${problem}`);
      return judgeRestart(run);
    },
    model: async () => {
      const specs = await runModel(steps, signal);
      for (const line of slowestLines(specs, SLOWEST_SHOWN)) console.log(line);
      return judgeModel(specs, steps);
    },
  };
  const findings: Finding[] = [];
  for (const part of partsOf(values.only)) {
    console.log(`\n${part}`);
    findings.push(...(await parts[part]()));
  }
  return findings;
});

function microseconds(value: number): string {
  return `${value.toFixed(2)} µs`;
}
