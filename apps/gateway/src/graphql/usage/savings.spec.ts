import { randomUUID } from 'node:crypto';
import { formatUsd, type JsonObject } from '@parsimony/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../test/graphql-gateway.js';
import { insertCall, type LedgerCallFacts } from '../../../test/ledger-calls.js';

interface Savings {
  readonly baseline: string;
  readonly cost: string;
  readonly saved: string;
  readonly byCause: readonly {
    readonly plugin: string;
    readonly cause: string;
    readonly saved: string;
    readonly calls: number;
  }[];
}

const SAVINGS = `query ($filter: UsageFilter!) {
  savings(filter: $filter) { baseline cost saved byCause { plugin cause saved calls } }
  usage(filter: $filter) { cost saved } }`;
const RANGE = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const AT = new Date('2026-11-05T10:00:00Z');
const TEAM = randomUUID();

let gateway: GraphqlGateway;
let tenantId: string;
let key: string;

beforeAll(async () => {
  gateway = await GraphqlGateway.start();
  tenantId = (await gateway.createTenant('acme')).id;
  key = (await gateway.createKey(tenantId, 'OWNER')).secret;
});

afterAll(() => gateway[Symbol.asyncDispose]());

const decision = (plugin: string, detail: JsonObject) => ({ plugin, summary: 'as it says', detail });
const by = (plugin: string, cause: string, saved: bigint) => decision(plugin, { cause, saved: formatUsd(saved) });

async function insert(facts: Partial<LedgerCallFacts>, decisions: readonly object[]): Promise<void> {
  const { dataSource } = gateway.core;
  const callId = await insertCall(dataSource, { tenantId, at: AT, ...facts });
  await dataSource.query('UPDATE usage SET decisions = $2 WHERE call_id = $1 AND closes', [
    callId,
    JSON.stringify(decisions),
  ]);
}

async function savings(filter: object = {}): Promise<Savings> {
  const variables = { filter: { tenantId, ...RANGE, ...filter } };
  const { data, errors } = await gateway.ask<{
    savings: Savings;
    usage: readonly { readonly cost: string; readonly saved: string }[];
  }>(key, SAVINGS, variables);
  expect(errors).toEqual([]);
  const [{ cost, saved } = { cost: '', saved: '' }] = data.usage;
  expect(data.savings).toMatchObject({ cost, saved });
  return data.savings;
}

describe('savings', () => {
  test('of nothing are nothing', async () => {
    const none = formatUsd(0n);
    expect(await savings({ from: '2025-01-01T00:00:00Z', to: '2025-01-02T00:00:00Z' })).toEqual({
      baseline: none,
      cost: none,
      saved: none,
      byCause: [],
    });
  });

  test('are told by plugin and cause, to the pico-dollar, the largest first', async () => {
    const hit = { rungs: 0, cache: 'exact' };
    await insert({ costOfRung: 1_000n }, []);
    await insert({ ...hit, saved: 500_000_000_000_000_001n }, [
      by('semantic-cache', 'exact', 500_000_000_000_000_001n),
    ]);
    await insert({ ...hit, saved: 7n }, [by('semantic-cache', 'exact', 7n)]);
    await insert({ ...hit, cache: 'semantic', saved: 9n }, [by('semantic-cache', 'semantic', 9n)]);
    await insert({ saved: 11n, costOfRung: 5n, teamId: TEAM }, [
      by('prompt-optimizer', 'shortened', 8n),
      by('routing', 'tier', 3n),
      decision('routing', { tier: 'economy' }),
    ]);
    // It would have cost nothing, and is a call that was saved all the same.
    await insert({ ...hit, saved: 0n }, [by('semantic-cache', 'shared', 0n)]);
    const cause = (plugin: string, name: string, saved: bigint, calls: number) => ({
      plugin,
      cause: name,
      saved: formatUsd(saved),
      calls,
    });
    expect(await savings()).toEqual({
      baseline: formatUsd(500_000_000_000_001_033n),
      cost: formatUsd(1_005n),
      saved: formatUsd(500_000_000_000_000_028n),
      byCause: [
        cause('semantic-cache', 'exact', 500_000_000_000_000_008n, 2),
        cause('semantic-cache', 'semantic', 9n, 1),
        cause('prompt-optimizer', 'shortened', 8n, 1),
        cause('routing', 'tier', 3n, 1),
        cause('semantic-cache', 'shared', 0n, 1),
      ],
    });
    expect(await savings({ teamId: TEAM })).toMatchObject({
      baseline: formatUsd(16n),
      byCause: [{ plugin: 'prompt-optimizer' }, { plugin: 'routing' }],
    });
  });

  test('that nobody gave a cause for are other, and the sum holds whatever plugins write', async () => {
    const month = { from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' };
    const at = new Date('2026-10-05T00:00:00Z');
    await insert({ at, saved: 100n }, []);
    await insert({ at, saved: 10n }, [decision('thrifty', { saved: formatUsd(10n) })]);
    await insert({ at, saved: 1n }, [
      decision('boastful', { cause: 'magic', saved: formatUsd(1_000n) }),
      decision('careless', { cause: 'typo', saved: 'a lot' }),
      decision('hostile', { cause: 'flood', saved: '9'.repeat(400) }),
    ]);
    const { saved, byCause } = await savings(month);
    expect(saved).toBe(formatUsd(111n));
    expect(byCause).toEqual([
      { plugin: 'boastful', cause: 'magic', saved: formatUsd(1_000n), calls: 1 },
      { plugin: 'thrifty', cause: 'other', saved: formatUsd(10n), calls: 1 },
      { plugin: 'careless', cause: 'typo', saved: formatUsd(0n), calls: 1 },
      { plugin: 'hostile', cause: 'flood', saved: formatUsd(0n), calls: 1 },
      { plugin: 'other', cause: 'other', saved: formatUsd(-899n), calls: 2 },
    ]);
  });

  test.each<[string, object, string, string]>([
    ['a range that ends before it begins', { to: '2020-01-01T00:00:00Z' }, 'invalid_request', 'filter.from'],
    ['a team that is no id', { teamId: "x' OR true" }, 'resource_not_found', 'filter.teamId'],
  ])('of %s are refused', async (_what, filter, code, param) => {
    const { errors } = await gateway.ask(key, SAVINGS, { filter: { tenantId, ...RANGE, ...filter } });
    expect(errors).toContainEqual(expect.objectContaining({ extensions: expect.objectContaining({ code, param }) }));
  });
});
