import type { Topic } from '../prompts/topic.js';

const NAMESPACE = 'articles';
/** What it costs the application to find the articles that answer a question: retrieval and reranking. */
const COST = '0.002';

/** How an application's own results were found in the cache. */
export interface LookUps {
  readonly asked: number;
  readonly hits: number;
}

interface LookUp {
  readonly hit: boolean;
  readonly ticket: string | null;
}

/**
 * Looks up the articles of each topic as an application does before it asks a model: what is not there it finds by itself
 * and keeps.
 *
 * @param url of the gateway.
 * @param rounds how often each topic comes.
 * @throws Error with the gateway's words where it refuses; AbortError at the signal.
 */
export async function useResultCache(
  url: string,
  key: string,
  topics: readonly Topic[],
  rounds: number,
  signal: AbortSignal,
): Promise<LookUps> {
  const ask = async (path: string, method: 'POST' | 'PUT', body: object): Promise<unknown> => {
    const response = await fetch(`${url}/v1/cache/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw new Error(`the cache answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  let hits = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const { texts } of topics) {
      const input = texts[0];
      const { hit, ticket } = (await ask(`${NAMESPACE}/lookup`, 'POST', { input })) as LookUp;
      if (hit) {
        hits += 1;
        continue;
      }
      const value = { articles: [`How we answer: ${input}`] };
      await ask(NAMESPACE, 'PUT', { input, value, cost_usd: COST, ...(ticket !== null && { ticket }) });
    }
  }
  return { asked: rounds * topics.length, hits };
}
