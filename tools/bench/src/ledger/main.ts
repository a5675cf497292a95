import { parseArgs } from 'node:util';
import type { Finding } from '../report/finding.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { runSeed } from './run-seed.js';

await measure('Ledger against the provider’s bill', async (signal) => {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '20000' },
      seeds: { type: 'string', default: '1' },
      'first-seed': { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '64' },
    },
  });
  const calls = wholeNumber('calls', values.calls);
  const concurrency = wholeNumber('concurrency', values.concurrency);
  const first = wholeNumber('first-seed', values['first-seed'], 0);
  const findings: Finding[] = [];
  for (let seed = first; seed < first + wholeNumber('seeds', values.seeds); seed++)
    findings.push(...(await runSeed({ seed, calls, concurrency }, signal)));
  return findings;
});
