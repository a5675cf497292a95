import type { Embeddings, Host, Vectors } from '@parsimony/contract';
import { aHost } from '@parsimony/testkit';
import { describePluginConformance } from '@parsimony/testkit/vitest';
import { AwayDatabase } from '../test/away-database.js';
import { aChat, aMessage, anEmbedding, aResponse, asking } from '../test/calls.js';
import { FIXED_PRICES } from '../test/fixed-prices.js';
import plugin from './index.js';

/** Everything that the cache leans on is away: the suite holds it to what it owes its callers all the same. */
function aPoorHost(): Host<'database' | 'embeddings' | 'models' | 'vectors'> {
  const embeddings: Embeddings = { embedder: () => undefined };
  const vectors: Vectors = { collection: () => Promise.reject(new Error('no vectors are to be asked for')) };
  return aHost({ database: new AwayDatabase(), embeddings, models: FIXED_PRICES, vectors });
}

describePluginConformance({
  plugin,
  treatment: 'replaces',
  host: aPoorHost,
  configs: {
    accepted: [
      {},
      { maxErrorRate: 0, ttlHours: 1, maxTemperature: 0, scope: 'team', volatileTools: ['get_time', 'weather.*'] },
      { exact: false, semantic: false, singleFlight: false },
      { embedder: 'openai/text-embedding-3-small', compare: { judge: 'openai/gpt-4.1-mini' }, auditShare: 1 },
      {
        embedder: 'local/multilingual-e5-small',
        compare: 'json',
        splitCost: 'equal',
        maxEntries: 1,
        maxBytes: 1_048_576,
      },
      {
        classifications: [
          {
            match: { model: 'openai/*', tags: { feature: 'почта' }, systemContains: 'классифицируй' },
            labels: ['да', 'нет'],
          },
          { match: {} },
        ],
      },
    ],
    refused: [
      { maxErrorRate: 0.5 },
      { maxErrorRate: -0.01 },
      { ttlHours: 0 },
      { maxTemperature: 3 },
      { scope: 'world' },
      { volatileTools: 'get_time' },
      { embedder: 'text-embedding-3-small' },
      { compare: 'guess' },
      { compare: { judge: '' } },
      { compare: { judge: 'openai/gpt-4.1-mini', also: 1 } },
      { auditShare: 2 },
      { maxEntries: 0 },
      { maxBytes: 1 },
      { classifications: [{ labels: ['a', 'b'] }] },
      { classifications: [{ match: {}, labels: ['one'] }] },
      { splitCost: 'last' },
      { maxErrorrate: 0.01 },
      [],
      null,
    ],
  },
  calls: {
    passed: [asking('Сколько будет 2 + 2?'), aChat({}, { stream: false }), anEmbedding(), aResponse(), aMessage()],
  },
});
