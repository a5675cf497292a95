import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { judgeFuzz, slowestLines } from './fuzz-report.js';
import { propertySpecs } from './property-specs.js';
import { runSpecs } from './run-specs.js';

const PROTOCOLS = fileURLToPath(new URL('../../../../libs/protocols/src/', import.meta.url));
/** What specs import whose properties are tried as often as the environment says. */
const MARK = 'fuzz-cases.js';
const SLOWEST_SHOWN = 5;

await measure('Properties of the translators between protocols', async (signal) => {
  const { values } = parseArgs({ options: { cases: { type: 'string', default: '100000' } } });
  const cases = wholeNumber('cases', values.cases);
  const startedAt = performance.now();
  const paths = await propertySpecs(PROTOCOLS, MARK);
  const specs = await runSpecs(paths, { PARSIMONY_FUZZ_CASES: String(cases) }, signal);
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s in all; the slowest:`);
  for (const line of slowestLines(specs, SLOWEST_SHOWN)) console.log(line);
  return judgeFuzz(specs, cases);
});
