import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXCERPT, excerptOf } from '../../test/excerpt-openapi.js';
import { QdrantStandIn } from './qdrant-stand-in.js';

const WHOLE =
  process.env['QDRANT_OPENAPI'] ??
  fileURLToPath(new URL('../../../../../shared/data/qdrant/openapi.json', import.meta.url));

describe('QdrantStandIn', () => {
  let standIn: QdrantStandIn;
  beforeEach(async () => {
    standIn = await QdrantStandIn.start();
    await send('PUT', '/collections/stand-in', { vectors: { size: 2, distance: 'Cosine' } });
  });
  afterEach(() => standIn[Symbol.asyncDispose]());

  it.each([
    [
      'an operation that the document does not have',
      'POST',
      '/collections/stand-in/points/find',
      {},
      /not in the document/,
    ],
    ['a misspelt field', 'POST', '/collections/stand-in/points/count', { filtre: {} }, /count_points request.*filtre/],
    [
      'a misspelt condition',
      'POST',
      '/collections/stand-in/points/count',
      { filter: { must: [{ key: 'a', mach: {} }] } },
      /count_points request/,
    ],
    [
      'a body of another kind',
      'PUT',
      '/collections/stand-in/points',
      { points: [{ id: 'a', vector: 'text' }] },
      /upsert_points request/,
    ],
    [
      'a negative id',
      'PUT',
      '/collections/stand-in/points',
      { points: [{ id: -1, vector: [1, 2] }] },
      /upsert_points request/,
    ],
    [
      'a limit of nothing',
      'POST',
      '/collections/stand-in/points/query',
      { query: [1, 2], limit: 0 },
      /query_points request\/limit/,
    ],
    [
      'a parameter that is not known',
      'POST',
      '/collections/stand-in/points/count?wait=true',
      {},
      /count_points request: the parameter wait/,
    ],
    [
      'a parameter of another kind',
      'PUT',
      '/collections/stand-in/points?wait=perhaps',
      { points: [] },
      /upsert_points parameter wait/,
    ],
  ])('notes %s, with its place', async (_, method, path, body, place) => {
    const { status } = await send(method, path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(standIn.violations).toEqual([expect.stringMatching(place)]);
  });

  it('refuses as Qdrant does', async () => {
    expect((await send('GET', '/collections/nothing')).status).toBe(404);
    expect((await send('PUT', '/collections/stand-in', { vectors: { size: 2, distance: 'Cosine' } })).status).toBe(409);
    const wrongSize = await send('PUT', '/collections/stand-in/points?wait=true', {
      points: [{ id: 1, vector: [1, 2, 3] }],
    });
    expect(wrongSize).toMatchObject({
      status: 400,
      body: { status: { error: expect.stringContaining('expected dim: 2, got 3') } },
    });
    const unindexed = { filter: { must: [{ key: 'tenant', match: { value: 'a' } }] } };
    expect((await send('POST', '/collections/stand-in/points/count', unindexed)).status).toBe(400);
    expect(standIn.violations).toEqual([]);
  });

  it('shows later what nobody waited for', async () => {
    const { body } = await send('PUT', '/collections/stand-in/points', { points: [{ id: 1, vector: [1, 2] }] });
    expect(body).toMatchObject({ result: { status: 'acknowledged' } });
    const count = async (): Promise<unknown> => (await send('POST', '/collections/stand-in/points/count', {})).body;
    expect(await count()).toMatchObject({ result: { count: 0 } });
    expect(await count()).toMatchObject({ result: { count: 1 } });
    expect(standIn.violations).toEqual([]);
  });

  it.skipIf(!existsSync(WHOLE))('has its excerpt word for word from the whole document', () => {
    const whole = JSON.parse(readFileSync(WHOLE, 'utf8')) as Record<string, unknown>;
    expect(JSON.parse(readFileSync(EXCERPT, 'utf8'))).toEqual(JSON.parse(JSON.stringify(excerptOf(whole))));
  });
  if (!existsSync(WHOLE))
    console.warn('SKIPPED: without QDRANT_OPENAPI the excerpt is not held against the whole document');

  async function send(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${standIn.url}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: await response.json() };
  }
});
