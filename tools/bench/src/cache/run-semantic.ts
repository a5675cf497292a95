import { until } from '@parsimony/demo';
import { Pool } from 'undici';
import { concurrently } from '../load/concurrently.js';
import { startFastUpstream } from '../load/fast-upstream.js';
import { atRate } from './at-rate.js';
import { cachedCall, type CachedAnswer } from './cached-call.js';
import { eventLoopDelay } from './event-loop.js';
import { fillCache } from './fill-cache.js';
import { growStore } from './grow-store.js';
import { KeptPlace } from './kept-place.js';
import { englishQuestion } from './questions.js';

export interface SemanticOptions {
  /** In the one tenant's one scope. */
  readonly entries: number;
  /** Of them asked and answered through the gateway; the others are made from these. */
  readonly real: number;
  /** At each pace; at most `real`. */
  readonly lookups: number;
  readonly perSecond: number;
  readonly seed: number;
  /** A Qdrant server in place of the embedded store. */
  readonly qdrantUrl?: string | undefined;
}

export interface SemanticRun {
  readonly entries: number;
  /** One after the other. */
  readonly alone: readonly CachedAnswer[];
  /** Begun at a steady rate, beside plain calls. */
  readonly paced: readonly CachedAnswer[];
  readonly plain: readonly CachedAnswer[];
  /** p99 of the gateway's event-loop delay while paced look-ups and plain calls ran. */
  readonly eventLoopDelayMs: number;
  /** Times of searches in the store alone, in milliseconds, asked as the gateway asks it. */
  readonly searchMs: readonly number[];
}

/** Wordings of one question: one teaches, the others are measured, each once, since a second time it is an exact hit. */
const [TEACH, WARM, ALONE, PACED] = [1, 2, 3, 4] as const;
const CONNECTIONS = 64;
const READY_MS = 60_000;

/**
 * Fills a tenant's cache, first through the gateway, then past it, and looks up paraphrases of what came through. Embedding
 * every text would take longer than all that is measured, so most entries are copies of real ones whose vectors lie
 * near those: as many neighbours, and as unevenly spread.
 */
export async function runSemantic(options: SemanticOptions, signal: AbortSignal): Promise<SemanticRun> {
  const { entries, real, lookups, perSecond, seed, qdrantUrl } = options;
  await using upstream = await startFastUpstream();
  await using place = await KeptPlace.open({
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-upstream',
    ...(qdrantUrl !== undefined && { QDRANT_URL: qdrantUrl }),
  });
  const tenant = await fillCache(place, real, TEACH, signal);
  const searchMs = await growStore(place, { tenantId: tenant.id, entries, searches: lookups, seed, qdrantUrl });

  await using deployment = await place.start();
  const pool = new Pool(deployment.url, { connections: CONNECTIONS });
  const ask = (index: number, way: number): Promise<CachedAnswer> =>
    cachedCall(pool, { key: tenant.key, question: englishQuestion(index, way) });
  const asked = Array.from({ length: Math.min(lookups, real) }, (_, index) => index);
  try {
    let tried = 0;
    await until(async () => (await ask(tried++ % real, WARM)).cache === 'semantic' || undefined, {
      what: 'the first semantic hit on the grown cache',
      timeoutMs: READY_MS,
    });
    const [alone, paced, plain]: [CachedAnswer[], CachedAnswer[], CachedAnswer[]] = [[], [], []];
    await concurrently(asked, 1, signal, async (index) => void alone.push(await ask(index, ALONE)));
    // What it says first is about the time before.
    await eventLoopDelay(deployment.url);
    await Promise.all([
      atRate(asked, perSecond, signal, async (index) => void paced.push(await ask(index, PACED))),
      atRate(asked, perSecond, signal, async (index) => {
        const question = englishQuestion(index);
        plain.push(await cachedCall(pool, { key: tenant.key, question, wish: 'no-store' }));
      }),
    ]);
    return { entries, alone, paced, plain, eventLoopDelayMs: await eventLoopDelay(deployment.url), searchMs };
  } finally {
    await pool.destroy();
  }
}
