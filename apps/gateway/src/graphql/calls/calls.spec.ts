import { randomUUID } from 'node:crypto';
import { newId } from '@parsimony/tenancy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphqlGateway, type GraphqlAnswer } from '../../../test/graphql-gateway.js';
import { insertCall } from '../../../test/ledger-calls.js';

interface Page {
  readonly calls: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string; readonly at: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const PAGE = `query ($filter: UsageFilter!, $first: Int, $after: String) {
  calls(filter: $filter, first: $first, after: $after) {
    edges { cursor node { id at } } pageInfo { hasNextPage endCursor } } }`;

let gateway: GraphqlGateway;
let tenantId: string;
let key: string;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  tenantId = (await gateway.createTenant('acme')).id;
  key = (await gateway.createKey(tenantId, 'OWNER')).secret;
});

afterAll(() => gateway[Symbol.asyncDispose]());

async function pages(filter: object, first: number): Promise<string[]> {
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const { data, errors }: GraphqlAnswer<Page> = await gateway.ask(key, PAGE, {
      filter: { tenantId, ...filter },
      first,
      after,
    });
    expect(errors).toEqual([]);
    expect(data.calls.edges.length).toBeLessThanOrEqual(first);
    seen.push(...data.calls.edges.map(({ node }) => node.id));
    if (!data.calls.pageInfo.hasNextPage) return seen;
    after = data.calls.pageInfo.endCursor;
  }
}

test('page newest first, each call once, also where many arrived in one millisecond', async () => {
  const ids: string[] = [];
  const from = Date.parse('2026-11-20T10:00:00.000Z');
  for (let n = 0; n < 23; n++) {
    const id = newId();
    ids.push(id);
    // Across a month's end, seven to the millisecond, and of two rows each.
    const at = new Date(n < 14 ? from + Math.floor(n / 7) : Date.parse('2026-12-01T00:00:00Z') + n);
    await insertCall(gateway.core.dataSource, { tenantId, callId: id, at, rungs: 2 });
  }
  const range = { from: '2026-11-20T00:00:00Z', to: '2026-12-02T00:00:00Z' };
  const whole = await pages(range, 100);
  expect(new Set(whole)).toEqual(new Set(ids));
  for (const first of [1, 5, 22, 23]) expect(await pages(range, first)).toEqual(whole);
  const { data } = await gateway.ask<Page>(key, PAGE, { filter: { tenantId, ...range }, first: 100 });
  const times = data.calls.edges.map(({ node }) => node.at);
  expect(times).toEqual(times.toSorted().toReversed());
  const half = { from: '2026-11-20T10:00:00.001Z', to: '2026-12-01T00:00:00Z' };
  expect(new Set(await pages(half, 3))).toEqual(new Set(ids.slice(7, 14)));
});

test('are filtered by team, key, model and tags', async () => {
  const at = new Date('2026-10-05T00:00:00Z');
  const teamId = randomUUID();
  const keyId = randomUUID();
  const plain = await insertCall(gateway.core.dataSource, { tenantId, at });
  const ofTeam = await insertCall(gateway.core.dataSource, { tenantId, at, teamId });
  const ofKey = await insertCall(gateway.core.dataSource, { tenantId, at, keyId });
  const large = await insertCall(gateway.core.dataSource, { tenantId, at, model: 'large' });
  const tagged = await insertCall(gateway.core.dataSource, { tenantId, at, tags: { env: 'prod', feature: 'search' } });
  await insertCall(gateway.core.dataSource, { tenantId: randomUUID(), at, teamId });
  const range = { from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' };
  const found = (filter: object) => pages({ ...range, ...filter }, 50);
  expect(await found({ teamId })).toEqual([ofTeam]);
  expect(await found({ apiKeyId: keyId })).toEqual([ofKey]);
  expect(await found({ model: 'large' })).toEqual([large]);
  expect(await found({ model: 'openai/large' })).toEqual([large]);
  expect(await found({ tags: [{ key: 'env', value: 'prod' }] })).toEqual([tagged]);
  expect(
    await found({
      tags: [
        { key: 'env', value: 'prod' },
        { key: 'feature', value: 'x' },
      ],
    }),
  ).toEqual([]);
  expect(new Set(await found({}))).toEqual(new Set([plain, ofTeam, ofKey, large, tagged]));
});

test.each<[string, object, object, string, string]>([
  ['a range that ends before it begins', { to: '2020-01-01T00:00:00Z' }, {}, 'invalid_request', 'filter.from'],
  ['a range of years', { from: '2024-01-01T00:00:00Z' }, {}, 'invalid_request', 'filter.to'],
  ['a team that is no id', { teamId: "x' OR true" }, {}, 'resource_not_found', 'filter.teamId'],
  ['an empty page', {}, { first: 0 }, 'invalid_request', 'first'],
  ['a page too large', {}, { first: 1_001 }, 'invalid_request', 'first'],
  [
    'a cursor of another list',
    {},
    { after: Buffer.from(randomUUID()).toString('base64url') },
    'invalid_request',
    'after',
  ],
])('%s is refused', async (_what, filter, page, code, param) => {
  const range = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
  const { errors } = await gateway.ask(key, PAGE, { filter: { tenantId, ...range, ...filter }, ...page });
  expect(errors).toMatchObject([{ extensions: { code, param } }]);
});

test('a call that is none is null', async () => {
  for (const id of [newId(), randomUUID(), "' OR true"]) {
    const { data, errors } = await gateway.ask(key, 'query ($id: ID!) { call(id: $id) { id } }', { id });
    expect({ data, errors }).toEqual({ data: { call: null }, errors: [] });
  }
});
