import { randomUUID } from 'node:crypto';
import type { ExchangeRequest, LeaseAnswer } from '@parsimony/leases';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Ground, SILENT_LOGGER } from '../../test/ground.js';
import { openPool } from '../database/open-pool.js';
import { settleJournals } from '../jobs/settle-journals.js';
import { LendingStore } from './lending-store.js';

const NOON = Date.UTC(2026, 10, 25, 12);
const LIMIT = 1_000n;
const LEASE_MS = 60_000;
const RUNS = 60;
const STEPS = 60;

let ground: Ground;
let pool: pg.Pool;

beforeAll(async () => {
  ground = await Ground.prepare();
  const { url } = ground.database;
  pool = openPool({ url, name: 'spec', connections: 2, patienceMs: 10_000, logger: SILENT_LOGGER });
});
afterAll(async () => {
  await pool.end();
  await ground[Symbol.asyncDispose]();
});

/** A gateway that keeps to the rules: it never spends and holds more than it was lent, and lowers that before it says so. */
class ModelGateway {
  readonly instance = randomUUID();
  sequence = 0;
  granted = 0n;
  spent = 0n;
  held = 0n;
  /** Answers of the store that are not to arrive. */
  lease: string | undefined;
  readonly rows: { cost: bigint; reserved: bigint; settlement: 'exact' | 'unconfirmed' }[] = [];

  get used(): bigint {
    return this.spent + this.held;
  }

  take(amount: bigint): void {
    if (this.used + amount <= this.granted) this.held += amount;
  }

  settle(share: bigint): void {
    const cost = (this.held * share) / 100n;
    this.rows.push({ cost, reserved: this.held, settlement: 'exact' });
    this.spent += cost;
    this.held = 0n;
  }

  ask(budgetId: string, tenantId: string, at: number, back: bigint, need: bigint): ExchangeRequest {
    this.granted -= ((this.granted - this.used) * back) / 100n;
    const amounts = { claim: this.granted, spent: this.spent, held: this.held, unconfirmed: 0n, uncovered: false };
    const asked = { need: this.used + need, want: this.used + 2n * need };
    const lease = { tenantId, budgetId, unit: 'pico-dollars', at, ...amounts, ...asked } as const;
    return { holder: this.instance, sequence: ++this.sequence, leases: [lease] };
  }

  hear(answer: LeaseAnswer | undefined): void {
    if (answer?.state !== 'lent') return;
    this.granted = answer.granted;
    this.lease = answer.leaseId;
  }
}

const step = fc.record({
  gateway: fc.nat({ max: 3 }),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('exchange' as const) },
    { weight: 2, arbitrary: fc.constant('lost answer' as const) },
    { weight: 5, arbitrary: fc.constant('take' as const) },
    { weight: 4, arbitrary: fc.constant('settle' as const) },
    { weight: 1, arbitrary: fc.constant('crash' as const) },
    { weight: 1, arbitrary: fc.constant('time goes by' as const) },
  ),
  amount: fc.bigInt({ min: 0n, max: 400n }),
  share: fc.bigInt({ min: 0n, max: 100n }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

it('never lends more than the limit, whatever gateways spend, return and lose', { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: STEPS, maxLength: STEPS }), runSteps);
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});

async function runSteps(steps: readonly Step[]): Promise<void> {
  await ground.changeTenant();
  ground.now = NOON;
  let now = NOON;
  const clock = () => new Date(now);
  const store = new LendingStore(pool, clock, LEASE_MS, { decided: () => undefined });
  const budget = await ground.budget({ amount: LIMIT });
  const gateways = Array.from({ length: 4 }, () => new ModelGateway());
  const crashed: ModelGateway[] = [];
  for (const { gateway: index, what, amount, share } of steps) {
    const gateway = gateways[index]!;
    if (what === 'take') gateway.take(amount);
    if (what === 'settle') gateway.settle(share);
    if (what === 'time goes by') now += Number(amount) * 500;
    if (what === 'exchange' || what === 'lost answer') {
      const { leases } = await store.exchange(gateway.ask(budget, ground.tenantId, now, share, amount));
      if (what === 'exchange') gateway.hear(leases[0]);
    }
    if (what === 'crash') {
      gateways[index] = new ModelGateway();
      await crash(gateway, clock);
      crashed.push(gateway);
    }
    const [account] = await ground.committed();
    expect(account?.committed ?? 0n).toBeLessThanOrEqual(LIMIT);
    const used = [...gateways, ...crashed].reduce((sum, each) => sum + each.used, 0n);
    expect(used).toBeLessThanOrEqual(account?.committed ?? 0n);
  }
}

/** What a call under way cost nobody knows; all else stands in the ledger once another process has replayed the journal. */
async function crash(gateway: ModelGateway, clock: () => Date): Promise<void> {
  if (gateway.held > 0n) gateway.rows.push({ cost: 0n, reserved: gateway.held, settlement: 'unconfirmed' });
  const leases = gateway.lease === undefined ? [] : [gateway.lease];
  await ground.ledger(...gateway.rows.map((row) => ({ ...row, at: NOON, leases })));
  await ground.closeJournal(gateway.instance);
  await settleJournals.run({ pool, clock, logger: SILENT_LOGGER });
}
