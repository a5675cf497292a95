import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aQdrantStore } from '../../test/a-qdrant-store.js';
import { describeVectorsConformance } from '../testing/describe-conformance.js';
import { QdrantStandIn } from '../testing/qdrant-stand-in.js';

const { QDRANT_URL: url, QDRANT_API_KEY: apiKey } = process.env;

describe('Qdrant stand-in', () => {
  let standIn: QdrantStandIn;
  beforeAll(async () => {
    standIn = await QdrantStandIn.start();
  });
  afterAll(async () => {
    await standIn[Symbol.asyncDispose]();
  });

  describeVectorsConformance('Qdrant stand-in', () => aQdrantStore(standIn.url));

  it('was asked, and answered, as the OpenAPI document says', () => {
    expect(standIn.violations).toEqual([]);
    expect(standIn.requests.length).toBeGreaterThan(1000);
  });

  it('was never asked without a tenant', () => {
    const open = standIn.requests.filter(
      ({ operation, body }) =>
        ['query_points', 'count_points', 'delete_points'].includes(operation) &&
        !JSON.stringify(body).includes('"filter":{"must":[{"key":"tenant","match":{"value":"'),
    );
    expect(open).toEqual([]);
  });
});

if (!url) console.warn('SKIPPED: QDRANT_URL names no server, so the adapter was not tested against a real Qdrant');
describe.runIf(url)('Qdrant', () => {
  describeVectorsConformance('Qdrant server', () => aQdrantStore(url ?? '', apiKey));
});
