import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { judgeFuzz, parseFuzzReport, slowestLines } from './fuzz-report.js';
import { propertySpecs } from './property-specs.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const PROTOCOLS = join(ROOT, 'libs/protocols/src');
const SLOWEST_SHOWN = 5;

await measure('Properties of the translators between protocols', async (signal) => {
  const { values } = parseArgs({ options: { cases: { type: 'string', default: '100000' } } });
  const cases = wholeNumber('cases', values.cases);
  const results = await mkdtemp(join(tmpdir(), 'parsimony-fuzz-'));
  try {
    const out = join(results, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${out}`];
    const startedAt = performance.now();
    const child = spawn(process.execPath, [VITEST, 'run', ...reporters, ...(await propertySpecs(PROTOCOLS))], {
      cwd: ROOT,
      env: { ...process.env, PARSIMONY_FUZZ_CASES: String(cases) },
      stdio: ['ignore', 'inherit', 'inherit'],
      signal,
      killSignal: 'SIGTERM',
    });
    await once(child, 'exit');
    const specs = parseFuzzReport(await readFile(out, 'utf8'));
    console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s in all; the slowest:`);
    for (const line of slowestLines(specs, SLOWEST_SHOWN)) console.log(line);
    return judgeFuzz(specs, cases);
  } finally {
    await rm(results, { recursive: true, force: true });
  }
});
