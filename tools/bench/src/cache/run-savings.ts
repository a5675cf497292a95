import { Deployment, type LedgerLine, type Savings, type Tenant } from '@parsimony/demo';
import type { BillReport } from '@parsimony/simulator';
import { Pool } from 'undici';
import { concurrently } from '../load/concurrently.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { cacheDocument } from './cache-document.js';
import { cachedCall, type CachedAnswer } from './cached-call.js';
import { sameQuestion } from './questions.js';
import { zipfDraws } from './zipf.js';

export interface SavingsOptions {
  readonly calls: number;
  readonly topics: number;
  readonly concurrency: number;
  readonly seed: number;
}

/** The same calls of one tenant: what it was told, what its ledger says, and what the provider charged. */
export interface TenantRun {
  readonly answers: readonly CachedAnswer[];
  readonly ledger: readonly LedgerLine[];
  readonly bill: BillReport;
}

export interface SavingsRun {
  /** Every call asks the provider. */
  readonly without: TenantRun;
  readonly cached: TenantRun;
  readonly savings: Savings;
}

/** What the tenant may be told wrongly. */
export const MAX_ERROR_RATE = 0.01;

/** Makes calls of Zipf popularity, each in one of several wordings, twice: past the cache, and through it. */
export async function runSavings(options: SavingsOptions, signal: AbortSignal): Promise<SavingsRun> {
  const { calls, topics, concurrency, seed } = options;
  const random = seededRandom(seed + 1);
  const questions = zipfDraws(topics, calls, seed).map((topic) => {
    const texts = sameQuestion(topic);
    return texts[Math.floor(random() * texts.length)] ?? '';
  });
  await using deployment = await Deployment.start();
  await deployment.provider.teach(Array.from({ length: topics }, (_, topic) => ({ texts: sameQuestion(topic) })));
  const document = cacheDocument({ maxErrorRate: MAX_ERROR_RATE });
  const run = async (tenant: Tenant, wish?: 'no-store'): Promise<TenantRun> => {
    const answers: CachedAnswer[] = [];
    const pool = new Pool(deployment.url, { connections: concurrency });
    await deployment.provider.closeBill();
    try {
      await concurrently(questions.entries(), concurrency, signal, async ([index, question]) => {
        answers[index] = await cachedCall(pool, { key: tenant.key, question, ...(wish && { wish }) });
      });
    } finally {
      await pool.destroy();
    }
    await deployment.settled();
    return { answers, ledger: await tenant.ledger.by('MODEL'), bill: await deployment.provider.bill() };
  };
  const without = await run(await deployment.createTenant('without', document), 'no-store');
  const tenant = await deployment.createTenant('с кэшем', document);
  const cached = await run(tenant);
  return { without, cached, savings: await tenant.ledger.savings() };
}
