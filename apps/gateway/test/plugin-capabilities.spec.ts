import { fileURLToPath } from 'node:url';
import { parseUsd, type JsonObject } from '@parsimony/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

const PLUGIN = fileURLToPath(new URL('fixtures/asking-plugin', import.meta.url));
const SCHEMA = 'plugin_asking';

interface Row {
  readonly call_id: string;
  readonly rung: number;
  readonly purpose: string | null;
  readonly model: string | null;
  readonly cost: string;
  readonly closes: boolean;
  readonly saved: string | null;
  readonly decisions: readonly { readonly detail: JsonObject }[] | null;
}

const start = () => RealGateway.start({ plugins: [PLUGIN] }, { plugins: [{ use: 'asking' }], prices: PRICES });
const PRICES = { 'openai/gpt-4.1-mini': { input: '3', output: '7' } };

let real: RealGateway;
beforeAll(async () => {
  real = await start();
});
afterAll(() => real[Symbol.asyncDispose]());
beforeEach(() => real.database.dataSource.query(`TRUNCATE usage, ${SCHEMA}.asked`));

async function call(tags: string, secret = real.secret, gateway = real): Promise<Response> {
  const body = { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Назови число.' }] };
  const response = await gateway.post('/v1/chat/completions', JSON.stringify(body), {
    'x-parsimony-tags': tags,
    authorization: `Bearer ${secret}`,
  });
  await response.json();
  return response;
}

const asked = (gateway = real) =>
  gateway.database.dataSource.query<{ call_id: string; outcome: string }[]>(
    `SELECT call_id, outcome FROM ${SCHEMA}.asked`,
  );

function billedFor(model: string): bigint {
  const lines = real.simulator.bill().lines.filter((line) => line.model === model);
  return lines.reduce((sum, { chargedPicoDollars }) => sum + BigInt(chargedPicoDollars), 0n);
}

function costIn(response: Response): bigint {
  return parseUsd(response.headers.get('x-parsimony-cost-usd') ?? '');
}

/** What the plugin has written, once it has. */
async function askedOnce(): Promise<{ call_id: string; outcome: string }> {
  await expect.poll(async () => (await asked()).length, { timeout: 10_000 }).toBe(1);
  const [row] = await asked();
  if (!row) throw new Error('it has asked nothing');
  return row;
}

describe('a question of a plugin', () => {
  it('before the answer is a rung of the call, and part of its cost', async () => {
    const before = real.billed();
    const response = await call('ask=before');
    await real.settled();
    const rows = await real.rows<Row>();
    expect(rows.map(({ rung, purpose, model, closes }) => [rung, purpose, model, closes])).toEqual([
      [0, 'embedding', 'text-embedding-3-small', false],
      [1, 'answer', 'gpt-4.1-mini', true],
    ]);
    expect(await askedOnce()).toEqual({ call_id: rows[0]?.call_id, outcome: 'list' });
    const sum = rows.reduce((total, { cost }) => total + parseUsd(cost), 0n);
    expect(costIn(response)).toBe(sum);
    expect(real.billed()).toBeGreaterThan(before);
  });

  it('behind the answer is a row of the call besides its closing, and costs what the provider bills', async () => {
    const before = billedFor('gpt-4.1');
    const response = await call('ask=after');
    const { outcome, call_id: callId } = await askedOnce();
    expect(outcome).toBe('chat.completion');
    await real.settled();
    const rows = await real.rows<Row>();
    expect(rows.every((row) => row.call_id === callId)).toBe(true);
    expect(rows.filter(({ closes }) => closes)).toHaveLength(1);
    const [answer, judge] = ['answer', 'judge'].map((purpose) => rows.find((row) => row.purpose === purpose));
    expect(judge).toMatchObject({ model: 'gpt-4.1', closes: false });
    expect(judge?.rung).toBeGreaterThan(answer?.rung ?? 0);
    expect(parseUsd(judge?.cost ?? '')).toBe(billedFor('gpt-4.1') - before);
    expect(costIn(response)).toBe(parseUsd(answer?.cost ?? ''));
  });

  it('is refused where the key may not use the model, and the call goes on', async () => {
    const { secret } = await real.createKey({ name: 'narrow', role: 'MEMBER', allowedModels: ['openai/gpt-4.1-mini'] });
    expect((await call('ask=before', secret)).status).toBe(200);
    expect((await askedOnce()).outcome).toBe('permission_denied');
    await real.settled();
    expect((await real.rows<Row>()).map(({ purpose }) => purpose)).toEqual(['answer']);
  });

  it('that is under way when the gateway stops is settled and booked', async () => {
    const stopping = await start();
    await using _ = stopping;
    await call('ask=after', stopping.secret, stopping);
    await stopping.gateway.stop(1_000);
    expect(await asked(stopping)).toMatchObject([{ outcome: 'chat.completion' }]);
    const rows = await stopping.rows<Row & { settlement: string | null }>();
    const rungs = rows.filter(({ purpose }) => purpose !== null);
    expect(rungs.map(({ purpose, settlement }) => `${purpose} ${settlement}`).toSorted()).toEqual([
      'answer exact',
      'judge exact',
    ]);
  });
});

it('tells a plugin what a usage costs the tenant, and the ledger what a decision saved', async () => {
  const response = await call('price=yes');
  await real.settled();
  const [row] = await real.rows<Row>();
  const cost = response.headers.get('x-parsimony-cost-usd');
  expect(response.headers.get('x-parsimony-saved-usd')).toBe(cost);
  expect(row?.decisions).toMatchObject([{ detail: { cause: 'exact', saved: cost } }]);
});

it('keeps a lasting fault of a plugin for metrics and health, until it is over', async () => {
  const metric = async () =>
    /^parsimony_plugin_fault\{plugin="asking",part="store"\} (\d)$/m.exec(
      await real.gateway.core.metrics.metrics(),
    )?.[1];
  const { pluginFaults } = real.gateway.core;
  for (let times = 0; times < 2; times += 1) await call('fault=away');
  expect(pluginFaults.get('asking')?.get('store')).toBe('away');
  expect(await metric()).toBe('1');
  await call('fault=none');
  expect(pluginFaults.get('asking')).toBeUndefined();
  expect(await metric()).toBe('0');
});

it('does not start where the tables are not those that the plugin expects', async () => {
  await real.database.dataSource.query(`UPDATE ${SCHEMA}.plugin_migration SET checksum = 'another'`);
  try {
    await expect(real.startAnother()).rejects.toThrow('plugin asking has changed its migration 0001-asked');
  } finally {
    await real.database.dataSource.query(`DROP SCHEMA ${SCHEMA} CASCADE`);
  }
});
