import { parseArgs } from 'node:util';
import { Deployment } from '@parsimony/demo';
import { startFastUpstream } from '../load/fast-upstream.js';
import { MEASURED_DOCUMENT } from '../load/tenant-document.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { cpuLines, judgeProtocols } from './judge-protocols.js';
import { measureCpu } from './measure-cpu.js';
import { variantsFor } from './variant.js';

await measure('CPU of a call across protocols', async (signal) => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      calls: { type: 'string', default: '3000' },
      warmup: { type: 'string', default: '5000' },
      concurrency: { type: 'string', default: '16' },
      only: { type: 'string', default: '' },
    },
  });
  await using upstream = await startFastUpstream();
  await using deployment = await Deployment.start({
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-upstream',
    ANTHROPIC_BASE_URL: upstream.url,
    ANTHROPIC_API_KEY: 'sk-upstream',
  });
  const tenant = await deployment.createTenant('protocols', MEASURED_DOCUMENT);
  const variants = variantsFor(tenant.key).filter(({ name }) => name.includes(values.only));
  if (variants.length === 0) throw new Error(`--only: no variant has "${values.only}" in its name`);
  const samples = await measureCpu(
    variants,
    {
      url: deployment.url,
      pid: deployment.gatewayPid(),
      rounds: wholeNumber('rounds', values.rounds),
      calls: wholeNumber('calls', values.calls),
      warmup: wholeNumber('warmup', values.warmup),
      concurrency: wholeNumber('concurrency', values.concurrency),
    },
    signal,
  );
  for (const line of cpuLines(samples)) console.log(line);
  return judgeProtocols(samples);
});
