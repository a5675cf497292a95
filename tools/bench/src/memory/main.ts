import { parseArgs } from 'node:util';
import { Deployment } from '@parsimony/demo';
import { startFastUpstream } from '../load/fast-upstream.js';
import { MEASURED_DOCUMENT } from '../load/tenant-document.js';
import { exactly } from '../report/finding.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { judgeMemory } from './judge-memory.js';
import { residentMemory } from './resident-memory.js';
import { soak } from './soak.js';

const SAMPLES_AT_LEAST = 20;

await measure('Resident memory of the gateway under load', async (signal) => {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '1000000' },
      concurrency: { type: 'string', default: '64' },
      streams: { type: 'string', default: '0' },
    },
  });
  const calls = wholeNumber('calls', values.calls, 1_000);
  await using upstream = await startFastUpstream();
  await using deployment = await Deployment.start({
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-upstream',
  });
  const tenant = await deployment.createTenant('memory', MEASURED_DOCUMENT);
  const pid = deployment.gatewayPid();
  const startedAt = performance.now();
  const samples = await soak(
    {
      url: deployment.url,
      key: tenant.key,
      calls,
      concurrency: wholeNumber('concurrency', values.concurrency),
      streams: Number(values.streams),
      sampleEvery: Math.min(10_000, Math.floor(calls / SAMPLES_AT_LEAST)),
      sample: () => residentMemory(pid),
      onSample: ({ x, y }) => {
        if (x % (calls / 10) === 0) console.log(`${x} calls: ${y.toFixed(0)} MiB`);
      },
    },
    signal,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await deployment.settled();
  const { finding, summary } = judgeMemory(samples);
  console.log(`${summary}; ${(calls / seconds).toFixed(0)} calls/s`);
  const inLedger = (await tenant.ledger.by('MODEL')).reduce((sum, line) => sum + line.calls, 0);
  return [finding, exactly('calls in the ledger', inLedger, calls)];
});
