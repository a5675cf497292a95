import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Finding } from '../report/finding.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { judgeExact } from './judge-exact.js';
import { judgeFlight } from './judge-flight.js';
import { judgeSavings, savingsLines } from './judge-savings.js';
import { judgeSemantic } from './judge-semantic.js';
import { judgeStore } from './judge-store.js';
import { judgeTenants } from './judge-tenants.js';
import { partsOf, type Part } from './parts.js';
import { runExact } from './run-exact.js';
import { runFlight } from './run-flight.js';
import { runSavings } from './run-savings.js';
import { runSemantic } from './run-semantic.js';
import { runStore } from './run-store.js';
import { runTenants } from './run-tenants.js';

await measure('Caches: what they cost, what they save, and whom they answer', async (signal) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      harness: { type: 'string' },
      qdrant: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '8' },
      warmup: { type: 'string', default: '6' },
      'upstream-port': { type: 'string', default: '18080' },
      entries: { type: 'string', default: '100000' },
      real: { type: 'string', default: '2000' },
      lookups: { type: 'string', default: '1500' },
      callers: { type: 'string', default: '1000' },
      tenants: { type: 'string', default: '16' },
      'store-lookups': { type: 'string', default: '1000000' },
      calls: { type: 'string', default: '3000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const number = (name: Exclude<keyof typeof values, 'only' | 'harness' | 'qdrant'>): number =>
    wholeNumber(name, values[name]);
  const seed = wholeNumber('seed', values.seed, 0);

  const parts: Readonly<Record<Part, () => Promise<Finding[]>>> = {
    exact: async () => {
      const harness = resolve(process.env['INIT_CWD'] ?? '.', values.harness ?? '');
      const times = { rounds: number('rounds'), seconds: number('seconds'), warmup: number('warmup') };
      return judgeExact(await runExact({ harness, ...times, upstreamPort: number('upstream-port') }, signal));
    },
    semantic: async () => {
      const size = { entries: number('entries'), real: number('real'), lookups: number('lookups') };
      return judgeSemantic(await runSemantic({ ...size, perSecond: 50, seed, qdrantUrl: values.qdrant }, signal));
    },
    store: async () => {
      const size = { tenants: number('tenants'), entries: 10_000, lookUps: number('store-lookups') };
      return judgeStore(await runStore({ ...size, seed, qdrantUrl: values.qdrant }, signal));
    },
    tenants: async () => {
      const tenants = number('tenants');
      const size = { tenants, questions: 60, lookups: 2 * number('calls'), concurrency: 16 };
      return judgeTenants(await runTenants({ ...size, seed }, signal));
    },
    flight: async () => (await runFlight(number('callers'), signal)).flatMap(judgeFlight),
    savings: async () => {
      const run = await runSavings({ calls: number('calls'), topics: 200, concurrency: 8, seed }, signal);
      for (const line of savingsLines(run)) console.log(line);
      return judgeSavings(run);
    },
  };
  const findings: Finding[] = [];
  for (const part of partsOf(values.only, values.harness !== undefined)) {
    console.log(`\n${part}`);
    findings.push(...(await parts[part]()));
  }
  return findings;
});
