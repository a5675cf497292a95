import { formatUsd } from '@parsimony/contract';
import type { GraphQLFormattedError } from 'graphql';
import type { Client } from 'graphql-ws';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphqlGateway } from '../../../../test/graphql-gateway.js';
import { insertCall } from '../../../../test/ledger-calls.js';
import { RealGateway } from '../../../../test/real-gateway.js';

const SPEND = `subscription ($tenantId: ID!) { spend(tenantId: $tenantId) {
  at tenantId spentToday budgets { id limit spent remaining leases { state } } } }`;
const SPEND_OF_MEMBER = `subscription ($tenantId: ID!) { spend(tenantId: $tenantId) { spentToday budgets { id } } }`;
const SET = 'mutation ($input: SetBudgetInput!) { setBudget(input: $input) { id } }';

interface Tick {
  readonly at: string;
  readonly tenantId: string;
  readonly spentToday: string;
  readonly budgets: readonly { readonly id: string; readonly limit: string; readonly spent: string }[];
}

/** Follows what is spent until it is disposed of. */
class Subscriber implements AsyncDisposable {
  readonly ticks: Tick[] = [];
  /** The code of the error that ended it, or of the closed connection. */
  ended: string | undefined;
  readonly #unsubscribe: () => void;

  constructor(
    private readonly client: Client,
    tenantId: string,
    query = SPEND,
  ) {
    this.#unsubscribe = client.subscribe<{ spend: Tick }>(
      { query, variables: { tenantId } },
      {
        next: ({ data, errors }) => {
          if (data) this.ticks.push(data.spend);
          if (errors) this.ended = String(errors[0]?.extensions?.['code']);
        },
        error: (error) => {
          if (Array.isArray(error)) this.ended = String((error as GraphQLFormattedError[])[0]?.extensions?.['code']);
          else this.ended = `closed with ${String((error as CloseEvent).code)}`;
        },
        complete: () => (this.ended ??= 'complete'),
      },
    );
  }

  get last(): Tick | undefined {
    return this.ticks.at(-1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe();
    await this.client.dispose();
  }
}

const SOON = { timeout: 8_000, interval: 20 };

describe('with the ledger and the limits of a tenant', () => {
  let gateway: GraphqlGateway;
  let tenantId: string;
  let team: string;
  let owner: { readonly id: string; readonly secret: string };

  beforeAll(async () => {
    gateway = await GraphqlGateway.start();
    tenantId = (await gateway.createTenant('Ромашка')).id;
    team = (await gateway.createTeam(tenantId, 'Поиск')).id;
    owner = await gateway.createKey(tenantId, 'OWNER');
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const follow = (secret: string, query = SPEND, of = tenantId) =>
    new Subscriber(gateway.subscriber({ authorization: `Bearer ${secret}` }), of, query);
  const spend = async (costOfRung: bigint, teamId?: string, at = new Date()): Promise<void> => {
    const { dataSource } = gateway.core;
    await insertCall(dataSource, { tenantId, at, costOfRung, ...(teamId !== undefined && { teamId }) });
    await dataSource.query('NOTIFY parsimony_usage');
  };
  const setBudget = async (input: object): Promise<string> => {
    const { data, errors } = await gateway.ask<{ setBudget: { id: string } }>(owner.secret, SET, {
      input: { tenantId, period: 'MONTH', mode: 'SOFT', ...input },
    });
    expect(errors).toEqual([]);
    return data.setBudget.id;
  };
  const listening = async (): Promise<number> => {
    const rows = await gateway.core.dataSource.query<unknown[]>(
      `SELECT FROM pg_stat_activity WHERE application_name = 'parsimony spend notices' AND datname = current_database()`,
    );
    return rows.length;
  };

  test('ticks at once, and when something was spent or a budget changed, not faster than once a second', async () => {
    await insertCall(gateway.core.dataSource, { tenantId, at: new Date(Date.now() - 86_400_000), costOfRung: 999n });
    await using subscriber = follow(owner.secret);
    await expect.poll(() => subscriber.ticks, SOON).toHaveLength(1);
    expect(subscriber.last).toMatchObject({ tenantId, spentToday: formatUsd(0n), budgets: [] });

    for (let n = 0; n < 10; n++) await spend(3n);
    await expect.poll(() => subscriber.last?.spentToday, SOON).toBe(formatUsd(30n));
    const id = await setBudget({ limit: '0.000000000001' });
    await expect.poll(() => subscriber.last?.budgets, SOON).toMatchObject([{ id, limit: '0.000000000001' }]);
    await setBudget({ limit: '2' });
    await expect.poll(() => subscriber.last?.budgets[0]?.limit, SOON).toBe('2.000000000000');

    const moments = subscriber.ticks.map(({ at }) => Date.parse(at));
    const rests = moments.slice(1).map((at, index) => at - moments[index]!);
    expect(Math.min(...rests)).toBeGreaterThanOrEqual(990);
    expect(subscriber.ended).toBeUndefined();
  });

  test('a member sees what its team spends, and its budgets', async () => {
    const { secret } = await gateway.createKey(tenantId, 'MEMBER', team);
    const ofTeam = await setBudget({ teamId: team, limit: '1' });
    await using subscriber = follow(secret, SPEND_OF_MEMBER);
    await expect.poll(() => subscriber.last, SOON).toEqual({ spentToday: formatUsd(0n), budgets: [{ id: ofTeam }] });
    await spend(5n, team);
    await spend(7n);
    await expect.poll(() => subscriber.last?.spentToday, SOON).toBe(formatUsd(5n));
    const alone = await gateway.createKey(tenantId, 'MEMBER');
    await using lonely = follow(alone.secret, SPEND_OF_MEMBER);
    await expect.poll(() => lonely.last, SOON).toEqual({ spentToday: formatUsd(0n), budgets: [] });
  });

  test('one connection listens for all, and when it breaks nobody misses anything', async () => {
    await using first = follow(owner.secret);
    await using second = follow(gateway.operator);
    await expect.poll(() => first.ticks.length > 0 && second.ticks.length > 0, SOON).toBe(true);
    expect(await listening()).toBe(1);
    await gateway.core.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parsimony spend notices'`,
    );
    const before = BigInt((first.last?.spentToday ?? '').replace('.', ''));
    await spend(11n);
    await expect.poll(() => first.last?.spentToday, SOON).toBe(formatUsd(before + 11n));
    await expect.poll(() => second.last?.spentToday, SOON).toBe(formatUsd(before + 11n));
    await expect.poll(listening, SOON).toBe(1);
  });

  test('it ends when the key is revoked', async () => {
    const { id, secret } = await gateway.createKey(tenantId, 'ADMIN');
    await using subscriber = follow(secret);
    await expect.poll(() => subscriber.ticks, SOON).toHaveLength(1);
    await gateway.ask(owner.secret, 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    await expect.poll(() => subscriber.ended, SOON).toBe('invalid_api_key');
  });

  test('of a tenant that is not there, or is not the own one, nothing is shown', async () => {
    await using nowhere = follow(gateway.operator, SPEND, 'none');
    await expect.poll(() => nowhere.ended, SOON).toBe('resource_not_found');
    const { id } = await gateway.createTenant('others');
    await using foreign = follow(owner.secret, SPEND, id);
    await expect.poll(() => foreign.ended, SOON).toBe('resource_not_found');
    expect([...nowhere.ticks, ...foreign.ticks]).toEqual([]);
  });
});

test('with the real budgets service, what a call costs is seen to the pico-dollar', async () => {
  await using real = await RealGateway.start({ budgets: true });
  const { tenantId, secret } = real;
  const input = { tenantId, limit: '5', period: 'MONTH' };
  await real.post('/graphql', JSON.stringify({ query: SET, variables: { input } }));
  await expect.poll(() => real.gateway.core.directory.tenant(tenantId)?.budgets, SOON).toHaveLength(1);
  const client = createClient({
    url: `${real.url.replace('http', 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${secret}` },
    retryAttempts: 0,
    webSocketImpl: WebSocket,
  });
  await using subscriber = new Subscriber(client, tenantId);
  await expect.poll(() => subscriber.last?.budgets[0]?.spent, SOON).toBe(formatUsd(0n));
  for (let n = 0; n < 3; n++)
    await real.client().chat.completions.create({
      model: 'openai/gpt-4.1-mini',
      messages: [{ role: 'user', content: 'Сколько мы потратили?' }],
      max_tokens: 20,
    });
  const billed = real.billed();
  expect(billed).toBeGreaterThan(0n);
  await expect
    .poll(() => subscriber.last, SOON)
    .toMatchObject({
      spentToday: formatUsd(billed),
      budgets: [
        { spent: formatUsd(billed), remaining: formatUsd(5_000_000_000_000n - billed), leases: [{ state: 'ACTIVE' }] },
      ],
    });
  // Whoever follows does not keep the gateway from stopping.
  const began = performance.now();
  await real.gateway.stop(10_000);
  expect(performance.now() - began).toBeLessThan(8_000);
  await expect.poll(() => subscriber.ended, SOON).toBe('closed with 1001');
});
