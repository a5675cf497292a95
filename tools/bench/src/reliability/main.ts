import { parseArgs } from 'node:util';
import type { Finding } from '../report/finding.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { describeRun } from './describe-run.js';
import { judgeScenario } from './judge-scenario.js';
import { runScenario } from './run-scenario.js';
import { SCENARIOS } from './scenario.js';

const PROBLEMS_SHOWN = 3;

await measure('A provider that fails 30 % of its calls, with one fallback', async (signal) => {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '64' },
    },
  });
  const calls = wholeNumber('calls', values.calls, SCENARIOS.length * 10);
  const seed = wholeNumber('seed', values.seed, 0);
  const concurrency = wholeNumber('concurrency', values.concurrency);
  const findings: Finding[] = [];
  for (const scenario of SCENARIOS) {
    const share = Math.round(calls * scenario.share);
    const run = await runScenario(scenario, { seed, concurrency, calls: share }, signal);
    console.log(`${scenario.name} (${JSON.stringify(scenario.faults)})`);
    for (const line of describeRun(run)) console.log(`  ${line}`);
    const failed = run.results.filter(({ outcome }) => outcome === 'failed');
    for (const { problem } of failed.slice(0, PROBLEMS_SHOWN)) console.log(`  failed: ${problem}`);
    findings.push(...judgeScenario(scenario, run));
  }
  return findings;
});
