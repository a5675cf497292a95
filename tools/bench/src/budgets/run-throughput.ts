import { parseUsd } from '@parsimony/contract';
import { Deployment } from '@parsimony/demo';
import { chatRequest } from '../load/chat-request.js';
import { startFastUpstream } from '../load/fast-upstream.js';
import type { LeanRequest } from '../load/lean-call.js';
import { MEASURED_DOCUMENT } from '../load/tenant-document.js';
import { parseCoreList } from '../processes/core-list.js';
import { leanLoad } from '../processes/lean-load.js';
import type { LoadResult } from '../processes/load-result.js';
import { hasWrk, wrkLoad } from '../processes/wrk.js';
import { coresOf, pinTo } from '../system/affinity.js';
import { parentOf, processTree } from '../system/process-tree.js';
import { CappedTenant } from './capped-tenant.js';

export interface ThroughputOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface ThroughputRound {
  readonly round: number;
  readonly without: LoadResult;
  readonly nested: LoadResult;
}

const TAG = { key: 'feature', value: 'search' };
const HUGE = parseUsd('1000000');

/**
 * The same gateway process serves a tenant without budgets and one with four above each call, in turn. Everything, this
 * process too, shares one core, so that what budgets cost anywhere is counted, their service included.
 */
export async function runThroughput(
  { rounds, seconds, connections }: ThroughputOptions,
  signal: AbortSignal,
): Promise<ThroughputRound[]> {
  const cores = await coresOf(process.pid);
  const [core] = parseCoreList(cores);
  const generate = (await hasWrk()) ? wrkLoad : leanLoad;
  await using upstream = await startFastUpstream();
  await using deployment = await Deployment.start({
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-upstream',
  });
  const [plain, budgeted] = [
    await CappedTenant.create(deployment, 'without budgets', MEASURED_DOCUMENT),
    await CappedTenant.create(deployment, 'four budgets', MEASURED_DOCUMENT),
  ];
  await budgeted.setNestedBudgets(HUGE, TAG);
  const run = ({ key }: CappedTenant): Promise<LoadResult> =>
    generate({ url: deployment.url, request: tagged(chatRequest(key, false)), connections, seconds }, signal);

  await pinTo(String(core), [process.pid, ...processTree(parentOf(deployment.gatewayPid()))]);
  try {
    for (const tenant of [plain, budgeted]) await run(tenant);
    const measured: ThroughputRound[] = [];
    for (let round = 0; round < rounds; round++) {
      // Whoever goes second finds a warmer machine, or a tired one.
      const early = round % 2 === 0 ? await run(plain) : undefined;
      const nested = await run(budgeted);
      measured.push({ round, without: early ?? (await run(plain)), nested });
    }
    return measured;
  } finally {
    await pinTo(cores, [process.pid]);
  }
}

function tagged(request: LeanRequest): LeanRequest {
  return { ...request, headers: { ...request.headers, 'x-parsimony-tags': `${TAG.key}=${TAG.value}` } };
}
