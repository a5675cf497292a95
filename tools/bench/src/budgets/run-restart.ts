import { setTimeout as delay } from 'node:timers/promises';
import { parseUsd, type PicoDollars } from '@parsimony/contract';
import { answersOk, Deployment, until } from '@parsimony/demo';
import { MEASURED_DOCUMENT } from '../load/tenant-document.js';
import type { CallResult } from '../reliability/caller.js';
import { SteadyLoad } from '../rolling/steady-load.js';
import { audit, type Audit } from './audit.js';
import { CappedTenant } from './capped-tenant.js';

export interface RestartOptions {
  readonly callers: number;
  readonly seconds: number;
}

export interface RestartRun {
  readonly results: readonly CallResult[];
  /** Times that the service was killed and came back. */
  readonly restarts: number;
  readonly audit: Audit;
  readonly bill: PicoDollars;
}

export const RESTARTS = 2;
const PACE = { latencyMs: 20, tokensPerSecond: 2_000 } as const;
const AMPLE = parseUsd('1000');
const TAG = { key: 'feature', value: 'поиск' };
const BACK_MS = 20_000;

/** Kills the budgets service twice while callers go on; `parsimony up` starts it again. */
export async function runRestart({ callers, seconds }: RestartOptions, signal: AbortSignal): Promise<RestartRun> {
  await using deployment = await Deployment.start();
  await deployment.provider.configure(PACE);
  const tenant = await CappedTenant.create(deployment, 'restart', MEASURED_DOCUMENT);
  const budgetId = await tenant.setNestedBudgets(AMPLE, TAG);
  await using load = new SteadyLoad({ url: deployment.url, key: tenant.key, callers });
  const pauseMs = (seconds * 1000) / (RESTARTS + 1);
  let restarts = 0;
  for (; restarts < RESTARTS; restarts++) {
    await delay(pauseMs, undefined, { signal });
    await killAndAwait(deployment);
  }
  await delay(pauseMs, undefined, { signal });
  const results = await load.stop();
  await deployment.settled();
  const books = await audit(tenant, budgetId);
  const { total } = await deployment.provider.bill();
  return { results, restarts, audit: books, bill: BigInt(total.chargedPicoDollars) };
}

async function killAndAwait(deployment: Deployment): Promise<void> {
  const former = deployment.budgetsPid();
  process.kill(former, 'SIGKILL');
  await until(
    async () =>
      ((await answersOk(`${deployment.budgetsUrl}/readyz`)) && deployment.budgetsPid() !== former) || undefined,
    { what: 'the budgets service to be started again', timeoutMs: BACK_MS },
  );
}
