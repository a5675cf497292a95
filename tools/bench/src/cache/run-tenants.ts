import { Deployment, type Tenant } from '@parsimony/demo';
import { Pool } from 'undici';
import { concurrently } from '../load/concurrently.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { cacheDocument } from './cache-document.js';
import { cachedCall } from './cached-call.js';
import { sameQuestion } from './questions.js';

export interface TenantsOptions {
  readonly tenants: number;
  /** Of each tenant. */
  readonly questions: number;
  /** Calls in which a tenant asks another one's question. */
  readonly lookups: number;
  readonly concurrency: number;
  readonly seed: number;
}

export interface TenantsRun {
  readonly lookups: number;
  /** Answers that bear the id of an answer which another tenant has got. */
  readonly crossed: number;
  readonly failed: number;
  /** Repeats of a tenant's own questions, and how many came from its cache: with none, 0 crossed would say nothing. */
  readonly own: { readonly asked: number; readonly hits: number };
}

/** A tenant may be wrong as often as can be: the walls must not hang on similarity. */
const DOCUMENT = cacheDocument({ maxErrorRate: 0.2, auditShare: 0 });

/**
 * Fills the caches of several tenants, each with questions of its own, and lets each of them ask what the others have
 * asked, word for word and in other words. Whose answer it got is told by the provider's id of it.
 */
export async function runTenants(options: TenantsOptions, signal: AbortSignal): Promise<TenantsRun> {
  const { tenants: count, questions, lookups, concurrency, seed } = options;
  await using deployment = await Deployment.start();
  const tenants: Tenant[] = [];
  for (let index = 0; index < count; index += 1)
    tenants.push(await deployment.createTenant(`жилец ${index}`, DOCUMENT));
  const everything = Array.from({ length: count * questions }, (_, index) => ({ texts: sameQuestion(index) }));
  await deployment.provider.teach(everything);
  const pool = new Pool(deployment.url, { connections: concurrency });
  const owners = new Map<string, number>();
  const own = { asked: 0, hits: 0 };
  const result = { crossed: 0, failed: 0 };

  const ask = async (tenant: number, text: string): Promise<string> => {
    const { status, id, cache } = await cachedCall(pool, { key: tenants[tenant]?.key ?? '', question: text });
    if (status !== 200) result.failed += 1;
    else if ((owners.get(id) ?? tenant) !== tenant) result.crossed += 1;
    else owners.set(id, tenant);
    return cache;
  };
  try {
    const planned = tenants.flatMap((_, tenant) =>
      Array.from({ length: questions }, (_, number) => ({ tenant, index: tenant * questions + number })),
    );
    const all = planned.flatMap(({ tenant, index }) => [
      { tenant, text: sameQuestion(index)[0] ?? '' },
      { tenant, text: sameQuestion(index)[1] ?? '' },
    ]);
    await concurrently(all, concurrency, signal, async ({ tenant, text }) => void (await ask(tenant, text)));
    await concurrently(planned, concurrency, signal, async ({ tenant, index }) => {
      own.asked += 1;
      if ((await ask(tenant, sameQuestion(index)[0] ?? '')) === 'exact') own.hits += 1;
    });
    const random = seededRandom(seed);
    const draw = (below: number): number => Math.floor(random() * below);
    const adversarial = Array.from({ length: lookups }, () => {
      const victim = draw(count);
      const index = victim * questions + draw(questions);
      const texts = sameQuestion(index);
      return { tenant: (victim + 1 + draw(count - 1)) % count, text: texts[draw(texts.length)] ?? '' };
    });
    await concurrently(adversarial, concurrency, signal, async ({ tenant, text }) => void (await ask(tenant, text)));
    return { lookups, ...result, own };
  } finally {
    await pool.destroy();
  }
}
