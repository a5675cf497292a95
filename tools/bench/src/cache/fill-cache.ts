import type { Tenant } from '@parsimony/demo';
import { until } from '@parsimony/demo';
import { Pool } from 'undici';
import { concurrently } from '../load/concurrently.js';
import { cachedCall } from './cached-call.js';
import { cacheDocument } from './cache-document.js';
import type { KeptPlace } from './kept-place.js';
import { englishQuestion } from './questions.js';

/** A tenant may be wrong often, so that every paraphrase that has a neighbour is a hit; how right hits are is measured elsewhere. */
const DOCUMENT = cacheDocument({ maxErrorRate: 0.2, auditShare: 0, maxEntries: 1_000_000, maxBytes: 4 * 2 ** 30 });
const CONCURRENCY = 16;
const KEPT_MS = 120_000;
/** What is kept is kept behind the answer, and may be left out where too much comes at once. */
const KEPT_SHARE = 0.9;
const COUNT = `SELECT count(*)::int AS count FROM plugin_semantic_cache.entry WHERE tenant_id = $1 AND kind = 'semantic'`;

/**
 * Makes a tenant and asks questions on its behalf, each plainly and then in other words, so that the cache has answers and
 * has learned that wording does not matter.
 *
 * @param way the wording that teaches.
 * @throws Error where a call fails, or too few answers are kept; AbortError at the signal.
 */
export async function fillCache(
  place: KeptPlace,
  questions: number,
  way: number,
  signal: AbortSignal,
): Promise<Tenant> {
  await using deployment = await place.start();
  const tenant = await deployment.createTenant('сто тысяч', DOCUMENT);
  const pool = new Pool(deployment.url, { connections: CONCURRENCY });
  const ask = (wording: number, wish?: 'refresh'): Promise<void> =>
    concurrently(Array(questions).keys(), CONCURRENCY, signal, async (index) => {
      const question = englishQuestion(index, wording);
      const { status } = await cachedCall(pool, { key: tenant.key, question, ...(wish && { wish }) });
      if (status !== 200) throw new Error(`a call to fill the cache was answered with ${status}`);
    });
  try {
    // Asked plainly, most would be hits soon, and nothing of them would be kept: the provider has but one answer.
    await ask(0, 'refresh');
    await until(
      async () => {
        const [row] = await place.sql<{ count: number }>(COUNT, [tenant.id]);
        return (row?.count ?? 0) >= KEPT_SHARE * questions || undefined;
      },
      { what: `${questions} answers to be kept`, timeoutMs: KEPT_MS, everyMs: 250 },
    );
    await ask(way);
  } finally {
    await pool.destroy();
  }
  return tenant;
}
