import { setTimeout as delay } from 'node:timers/promises';
import { compareLedger, Deployment } from '@parsimony/demo';
import { MEASURED_DOCUMENT } from '../load/tenant-document.js';
import { GatewayWorkers } from './gateway-workers.js';
import type { RollingRun } from './judge-rolling.js';
import { SteadyLoad } from './steady-load.js';

const PROCESSES = 2;
/** Streams last long enough to be under way when the signal comes. */
const PACE = { latencyMs: 5, tokensPerSecond: 200 } as const;
const BEFORE_AND_AFTER_MS = 1_000;
/** After so long every gateway process knows of a new key; the one that made it knows at once. */
const KNOWN_EVERYWHERE_MS = 2_000;

export interface RollingOptions {
  readonly rounds: number;
  readonly callers: number;
}

/** Replaces every process of a deployment in turn, round after round, while callers go on. */
export async function runRolling({ rounds, callers }: RollingOptions, signal: AbortSignal): Promise<RollingRun> {
  await using deployment = await Deployment.start({ PARSIMONY_PROCESSES: String(PROCESSES) });
  await deployment.provider.configure(PACE);
  const tenant = await deployment.createTenant('rolling', MEASURED_DOCUMENT);
  await delay(KNOWN_EVERYWHERE_MS, undefined, { signal });
  const workers = new GatewayWorkers(deployment, PROCESSES);
  await using load = new SteadyLoad({ url: deployment.url, key: tenant.key, callers });
  await delay(BEFORE_AND_AFTER_MS, undefined, { signal });
  const replaced = new Set<number>();
  for (let round = 0; round < rounds; round++)
    for (const pid of workers.pids()) {
      signal.throwIfAborted();
      await workers.replace(pid);
      replaced.add(pid);
    }
  await delay(BEFORE_AND_AFTER_MS, undefined, { signal });
  const results = await load.stop();
  await deployment.settled();
  const [byModel, bill] = await Promise.all([tenant.ledger.by('MODEL'), deployment.provider.bill()]);
  return {
    results,
    callsInLedger: byModel.reduce((sum, line) => sum + line.calls, 0),
    comparison: compareLedger(byModel, bill),
    replaced: replaced.size,
    meant: rounds * PROCESSES,
  };
}
