import { formatUsd } from '@parsimony/contract';
import { compareLedger, Deployment } from '@parsimony/demo';
import { Pool } from 'undici';
import { concurrently } from '../load/concurrently.js';
import type { Finding } from '../report/finding.js';
import { call, type CallResult } from './caller.js';
import { checkCalls } from './check-calls.js';
import { planCalls } from './planned-call.js';

const SETTINGS = {
  latencyMs: 5,
  tokensPerSecond: 2_000,
  cachedTokens: { share: 0.3, minimum: 0, step: 1 },
  faults: { rate_limit: 0.05, server_error: 0.05 },
} as const;

export interface SeedOptions {
  readonly seed: number;
  readonly calls: number;
  readonly concurrency: number;
}

/** One run on a deployment of its own: calls, callers who leave, provider errors; then ledger against bill. */
export async function runSeed(options: SeedOptions, signal: AbortSignal): Promise<readonly Finding[]> {
  const { seed, calls, concurrency } = options;
  await using deployment = await Deployment.start();
  await deployment.provider.configure({ ...SETTINGS, seed });
  const tenant = await deployment.createTenant(`seed ${seed}`);

  const results: CallResult[] = [];
  const startedAt = performance.now();
  const pool = new Pool(deployment.url, { connections: concurrency });
  try {
    await concurrently(planCalls(seed, calls), concurrency, signal, async (planned) => {
      results.push(await call(pool, tenant.key, planned));
    });
  } finally {
    await pool.destroy();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await deployment.settled();
  console.log(`seed ${seed}: ${describe(results)}; ${(calls / seconds).toFixed(0)} calls/s at c=${concurrency}`);

  const [byModel, bill] = await Promise.all([tenant.ledger.by('MODEL'), deployment.provider.bill()]);
  const comparison = compareLedger(byModel, bill);
  for (const line of comparison.lines.filter((each) => each.ledger !== each.bill || !each.tokensAgree))
    console.log(`  ${line.model}: ledger $${formatUsd(line.ledger)}, bill $${formatUsd(line.bill)}`);
  return [
    {
      what: `seed ${seed}: ledger against bill, by model`,
      measured: `$${formatUsd(comparison.ledger)}`,
      target: `$${formatUsd(comparison.bill)}`,
      met: comparison.agree,
    },
    ...checkCalls(results, await Array.fromAsync(tenant.ledger.calls())),
  ];
}

function describe(results: readonly CallResult[]): string {
  const left = results.filter((result) => result.left).length;
  const byStatus = Map.groupBy(
    results.filter((result) => !result.left),
    ({ status }) => status,
  );
  const statuses = [...byStatus].map(([status, those]) => `${those.length} × ${status}`).sort();
  return `${results.length} calls: ${statuses.join(', ')}, ${left} left early`;
}
