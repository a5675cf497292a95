import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Deployment } from '@parsimony/demo';
import { MEASURED_DOCUMENT } from '../load/tenant-document.js';
import type { Finding } from '../report/finding.js';
import { measure } from '../report/measure.js';
import { wholeNumber } from '../report/whole-number.js';
import { judgeStreams, judgeWhole } from './judge-speed.js';
import { harnessProgram, runHarness } from './run-harness.js';

const WHOLE_PEERS = ['direct', 'floor-proxy', 'floor-fastify', 'portkey'];
const GAP_MS = '20';

await measure('Speed of the gateway, side by side with others', async (signal) => {
  const { values } = parseArgs({
    options: {
      harness: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '8' },
      warmup: { type: 'string', default: '6' },
      'upstream-port': { type: 'string', default: '18080' },
    },
  });
  if (values.harness === undefined) throw new Error('--harness DIR is missing: a folder with bench.mjs');
  const folder = resolve(process.env['INIT_CWD'] ?? '.', values.harness);
  if (!existsSync(harnessProgram(folder))) throw new Error(`${folder} has no bench.mjs`);
  const upstreamPort = wholeNumber('upstream-port', values['upstream-port']);
  const options = [
    ...['--rounds', String(wholeNumber('rounds', values.rounds))],
    ...['--seconds', String(wholeNumber('seconds', values.seconds))],
    ...['--warmup', String(wholeNumber('warmup', values.warmup))],
    ...['--upstream-port', String(upstreamPort)],
  ];

  // The harness starts its own upstream there; until then the gateway has nobody to call, and calls nobody.
  await using deployment = await Deployment.start({
    OPENAI_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
    OPENAI_API_KEY: 'sk-upstream',
  });
  const tenant = await deployment.createTenant('speed', MEASURED_DOCUMENT);
  const target = {
    name: 'parsimony',
    url: `${deployment.url}/v1/chat/completions`,
    headers: { authorization: `Bearer ${tenant.key}` },
    pid: deployment.gatewayPid(),
  };
  const results = await mkdtemp(join(tmpdir(), 'parsimony-speed-'));
  try {
    const run = async (peers: readonly string[], concurrencies: readonly number[], more: readonly string[]) =>
      runHarness(
        { folder, target, peers, concurrencies, options: [...options, ...more], out: join(results, 'run.json') },
        signal,
      );
    const findings: Finding[] = judgeWhole(await run(WHOLE_PEERS, [1, 64], []));
    findings.push(...judgeStreams(await run(['direct', 'floor-fastify'], [64], ['--stream', '--gap', GAP_MS])));
    return findings;
  } finally {
    await rm(results, { recursive: true, force: true });
  }
});
