import { Deployment } from '@parsimony/demo';
import { startSimulator } from '@parsimony/simulator';
import { Pool } from 'undici';
import { cachedCall, type CachedAnswer } from './cached-call.js';
import { cacheDocument } from './cache-document.js';

export interface FlightRun {
  readonly stream: boolean;
  readonly answers: readonly CachedAnswer[];
  readonly providerCalls: number;
  readonly expected: string;
}

const QUESTION = 'Сколько будет 2 + 2? Answer in both languages.';
const EXPECTED = 'Четыре — в любой системе счисления старше четверичной. Four, in any base above four.';
/** Long enough for all callers to arrive before the answer does. */
const PACE = { latencyMs: 2_000, tokensPerSecond: 20 } as const;

/** Identical calls at one moment, whole and then streamed: what each got, and what the provider charged for. */
export async function runFlight(callers: number, signal: AbortSignal): Promise<FlightRun[]> {
  await using simulator = await startSimulator({
    settings: PACE,
    meanings: [{ texts: [QUESTION], answer: EXPECTED }],
  });
  await using deployment = await Deployment.start({
    OPENAI_BASE_URL: `${simulator.url}/v1`,
    OPENAI_API_KEY: 'sk-simulator',
  });
  const tenant = await deployment.createTenant('рейс', cacheDocument());
  const pool = new Pool(deployment.url, { connections: callers });
  try {
    const runs: FlightRun[] = [];
    for (const stream of [false, true]) {
      signal.throwIfAborted();
      const before = simulator.bill().total.calls;
      const call = { key: tenant.key, question: QUESTION, stream };
      const answers = await Promise.all(Array.from({ length: callers }, () => cachedCall(pool, call)));
      runs.push({ stream, answers, providerCalls: simulator.bill().total.calls - before, expected: EXPECTED });
    }
    return runs;
  } finally {
    await pool.destroy();
  }
}
