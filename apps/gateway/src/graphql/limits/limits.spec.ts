import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';
import { MAX_ALIASES } from './document-rules.js';

let gateway: GraphqlGateway;
let filter: object;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  const { id } = await gateway.createTenant('acme');
  filter = { tenantId: id, from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
});

afterAll(() => gateway[Symbol.asyncDispose]());

const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, n) => `a${n}: viewer { role }`).join(' ')} }`;
const page = (first: string) =>
  `query ($filter: UsageFilter!${first === '$first' ? ', $first: Int' : ''}) { calls(filter: $filter, first: ${first}) {
     edges { node { id at status cost saved rungs { provider model cost usage } decisions { plugin summary } } } } }`;
const nested = (depth: number): string => (depth === 0 ? 'name' : `name ofType { ${nested(depth - 1)} }`);
// Each fragment spreads the next one twice: as many fields as a power of two.
const laughs = Array.from({ length: 20 }, (_, n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`).join(' ');

describe('query_too_complex', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['too deep', `{ __type(name: "Query") { ${nested(10)} } }`, {}],
    ['too many aliases', aliases(MAX_ALIASES + 1), {}],
    ['too many tokens', `{ viewer { ${'role '.repeat(6_000)} } }`, {}],
    ['a page too large for what is asked of each item', page('1000'), {}],
    ['the same with its size in a variable', page('$first'), { first: 1000 }],
    ['fragments that multiply', `{ viewer { ...F0 } } ${laughs} fragment F20 on Viewer { role }`, {}],
  ])('%s', async (_what, query, variables) => {
    for (let time = 0; time < 3; time++) {
      const { status, errors } = await gateway.ask(gateway.operator, query, { filter, ...variables });
      expect(errors.map(({ extensions }) => extensions.code)).toContain('query_too_complex');
      expect(status).toBe(400);
    }
  });
});

test.each<[string, string, Record<string, unknown>]>([
  ['an ordinary page', page('100'), {}],
  ['a page of the usual size', page('$first'), {}],
  ['as many aliases as allowed', aliases(MAX_ALIASES), {}],
  ['introspection', getIntrospectionQuery(), {}],
])('%s is allowed', async (_what, query, variables) => {
  expect((await gateway.ask(gateway.operator, query, { filter, ...variables })).errors).toEqual([]);
});

test('subscriptions have the same bounds', async () => {
  const client = gateway.subscriber({ authorization: `Bearer ${gateway.operator}` });
  const field = 'completeStream(input: { messages: [] }) { text }';
  const tooMany = Array.from({ length: MAX_ALIASES + 1 }, (_, n) => `t${n}: text`).join(' ');
  const refused = async (query: string) => {
    const thrown = await Array.fromAsync(client.iterate({ query })).catch((error: unknown) => error);
    return (thrown as readonly { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);
  };
  expect(await refused(`subscription { completeStream(input: { messages: [] }) { ${tooMany} } }`)).toEqual([
    'query_too_complex',
  ]);
  expect(await refused(`subscription { ${field} nothing }`)).toContain('GRAPHQL_VALIDATION_FAILED');
  expect(await refused('subscription {')).toEqual(['GRAPHQL_PARSE_FAILED']);
  expect(await refused('{ viewer { role } }')).toEqual(['invalid_request']);
  await client.dispose();
});
