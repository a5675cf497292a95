import { parseUsd } from '@parsimony/contract';
import { TeamService } from '@parsimony/tenancy';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lent, setBudget } from '../../test/limits.js';
import { RealGateway } from '../../test/real-gateway.js';

const CAP = parseUsd('0.02');
const CALLERS = 40;

interface ChargedRow {
  readonly leases: readonly string[] | null;
  readonly cost: string;
  readonly reserved: string;
}

let real: RealGateway;
beforeAll(async () => {
  real = await RealGateway.start({ budgets: true }, { budgets: { waitMs: 2000 } });
});
afterAll(() => real[Symbol.asyncDispose]());

it('four budgets, one in another, hold at once over two gateways, and the ledger says what each lease has paid', async () => {
  const team = await new TeamService(real.gateway.core.dataSource).create(real.tenantId, 'Поиск');
  const key = await real.createKey({ name: 'of the team', role: 'MEMBER', teamId: team.id });
  const tag = { key: 'feature', value: 'search' };
  await using opened = new AsyncDisposableStack();
  const another = await real.startAnother();
  opened.defer(() => another.stop(1000));
  const budgets = [
    await setBudget(real, { limit: parseUsd('1'), period: 'MONTH' }),
    await setBudget(real, { limit: parseUsd('0.5'), period: 'MONTH', teamId: team.id }),
    await setBudget(real, { limit: CAP, period: 'DAY', keyId: key.id }),
    await setBudget(real, { limit: parseUsd('0.1'), period: 'TOTAL', tag }),
  ];
  const known = () => another.core.directory.tenant(real.tenantId)?.budgets.length;
  await expect.poll(known, { timeout: 5000 }).toBe(budgets.length);
  const clients = [real.url, another.url].map(
    (url) =>
      new OpenAI({
        baseURL: `${url}/v1`,
        apiKey: key.secret,
        maxRetries: 0,
        defaultHeaders: { 'x-parsimony-tags': 'feature=search' },
      }),
  );

  const refusals: { readonly status: unknown; readonly message: string }[] = [];
  const ask = (caller: number, round: number) =>
    clients[caller % 2]?.chat.completions.create({
      model: 'openai/gpt-4.1-mini',
      messages: [{ role: 'user', content: `Вопрос ${caller}.${round}` }],
      max_tokens: 20 + ((caller * 37 + round * 13) % 200),
    });
  // Both gateways have spent before the rush, in which one of them may be the quicker.
  await Promise.all([ask(0, 0), ask(1, 0)]);
  const call = async (caller: number): Promise<void> => {
    for (let round = 1; ; round++) {
      try {
        await ask(caller, round);
      } catch (error) {
        if (!(error instanceof APIError)) throw error;
        const { status, message }: { status?: unknown; message: string } = error;
        refusals.push({ status, message });
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));

  expect(refusals).toHaveLength(CALLERS);
  for (const refusal of refusals) expect(refusal).toEqual({ status: 402, message: expect.stringContaining(key.id) });
  expect(real.billed()).toBeLessThanOrEqual(CAP);
  expect(real.billed()).toBeGreaterThanOrEqual((CAP * 97n) / 100n);
  await Promise.all([real.settled(), another.core.flusher.flush()]);
  const rows = (await real.rows<ChargedRow>('provider IS NOT NULL')).map(({ leases, cost, reserved }) => ({
    leases: leases ?? [],
    cost: parseUsd(cost),
    reserved: parseUsd(reserved),
  }));
  for (const { leases, cost, reserved } of rows) {
    expect(leases).toHaveLength(budgets.length);
    expect(cost).toBeLessThanOrEqual(reserved);
  }
  expect(new Set(rows.flatMap(({ leases }) => leases)).size).toBe(2 * budgets.length);
  for (const { id } of budgets) {
    const told = async () => {
      const { spent, base, held, unconfirmed } = await lent(real, id);
      return { spent: spent + base, held, unconfirmed };
    };
    await expect.poll(told, { timeout: 5000 }).toEqual({ spent: real.billed(), held: 0n, unconfirmed: 0n });
  }
});
