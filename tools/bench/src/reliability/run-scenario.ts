import { Deployment } from '@parsimony/demo';
import { startSimulator } from '@parsimony/simulator';
import { Pool } from 'undici';
import { concurrently } from '../load/concurrently.js';
import { MEASURED_DOCUMENT } from '../load/tenant-document.js';
import { call, type CallResult } from './caller.js';
import { compareBills } from './compare-bills.js';
import type { ScenarioRun } from './judge-scenario.js';
import { callsOfRungs } from './ledger-rungs.js';
import { FAILING_MODEL, HEALTHY_MODEL, planCalls } from './planned-call.js';
import { RequestCounter } from './request-counter.js';
import type { Scenario } from './scenario.js';

const PACE = { latencyMs: 5, tokensPerSecond: 2_000 } as const;
const DOCUMENT = {
  ...MEASURED_DOCUMENT,
  reliability: { fallbacks: { [FAILING_MODEL]: [HEALTHY_MODEL] } },
};

export interface ScenarioOptions {
  readonly seed: number;
  readonly calls: number;
  readonly concurrency: number;
}

/** One scenario on a deployment and with two providers of its own, one that fails and one that does not. */
export async function runScenario(
  { faults }: Scenario,
  { seed, calls, concurrency }: ScenarioOptions,
  signal: AbortSignal,
): Promise<ScenarioRun> {
  await using failing = await startSimulator({ settings: { ...PACE, seed, faults } });
  await using healthy = await startSimulator({ settings: { ...PACE, seed } });
  using counter = new RequestCounter();
  await using deployment = await Deployment.start({
    OPENAI_BASE_URL: `${failing.url}/v1`,
    OPENAI_API_KEY: 'sk-failing',
    ANTHROPIC_BASE_URL: healthy.url,
    ANTHROPIC_API_KEY: 'sk-healthy',
  });
  const tenant = await deployment.createTenant('reliability', DOCUMENT);
  const results: CallResult[] = [];
  const pool = new Pool(deployment.url, { connections: concurrency });
  try {
    await concurrently(planCalls(calls), concurrency, signal, async (planned) => {
      results.push(await call(pool, tenant.key, planned));
    });
  } finally {
    await pool.destroy();
  }
  await deployment.settled();
  return {
    results,
    ledger: await Array.fromAsync(callsOfRungs(deployment, tenant.id)),
    requests: counter.at(failing.port) + counter.at(healthy.port),
    bills: compareBills(await tenant.ledger.by('MODEL'), { openai: failing.bill(), anthropic: healthy.bill() }),
  };
}
