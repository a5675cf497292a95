import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deployment, type LedgerLine } from '@parsimony/demo';
import type { HarnessRound } from '../gateway/harness-report.js';
import { harnessProgram, runHarness } from '../gateway/run-harness.js';
import { cacheDocument } from './cache-document.js';

export interface ExactOptions {
  /** Folder of the harness. */
  readonly harness: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmup: number;
  readonly upstreamPort: number;
}

export interface ExactRun {
  /** Each with one round of the peer and one of ours, neighbours in time. */
  readonly rounds: readonly (readonly HarnessRound[])[];
  /** The tenant's calls by how they were answered. */
  readonly outcomes: readonly LedgerLine[];
}

/** An HTTP server that does nothing but answer: what is above it is the cache's and the gateway's. */
export const HELLO = 'hello-fastify';
export const OURS = 'parsimony';

/** Measures exact hits and the framework's own hello in turn, each alone at concurrency 1 and by the same load generator. */
export async function runExact(options: ExactOptions, signal: AbortSignal): Promise<ExactRun> {
  const { harness: folder, rounds, seconds, warmup, upstreamPort } = options;
  if (!existsSync(harnessProgram(folder))) throw new Error(`${folder} has no bench.mjs`);
  await using deployment = await Deployment.start({
    OPENAI_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
    OPENAI_API_KEY: 'sk-upstream',
  });
  const tenant = await deployment.createTenant('exact', cacheDocument());
  const target = {
    name: OURS,
    url: `${deployment.url}/v1/chat/completions`,
    headers: { authorization: `Bearer ${tenant.key}` },
    pid: deployment.gatewayPid(),
  };
  const results = await mkdtemp(join(tmpdir(), 'parsimony-exact-'));
  const common = ['--rounds', '1', '--seconds', String(seconds), '--warmup', String(warmup)];
  const shared = { folder, concurrencies: [1], out: join(results, 'run.json') };
  try {
    const measured: HarnessRound[][] = [];
    for (let round = 0; round < rounds; round += 1) {
      const hello = await runHarness({ ...shared, peers: [HELLO], options: [...common, '--hello'] }, signal);
      const upstream = ['--upstream-port', String(upstreamPort)];
      const ours = await runHarness(
        { ...shared, target, peers: ['direct'], options: [...common, ...upstream] },
        signal,
      );
      measured.push([...hello, ...ours]);
    }
    await deployment.settled();
    return { rounds: measured, outcomes: await tenant.ledger.by('CACHE_OUTCOME') };
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}
