import { formatUsd } from '@parsimony/contract';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { AccidentProneGateway, type Rung } from '../test/accident-prone-gateway.js';
import { Ledger, type StoredRow } from '../test/ledger.js';
import { randomNumbers } from '../test/random-numbers.js';

const STEPS = 3000;

let ledger: Ledger;
beforeAll(async () => {
  ledger = await Ledger.open();
});
beforeEach(() => ledger.clear());
afterAll(() => ledger[Symbol.asyncDispose]());

async function step(gateway: AccidentProneGateway, chance: number): Promise<void> {
  if (chance < 0.35) gateway.reserve();
  else if (chance < 0.65) gateway.settle();
  else if (chance < 0.8) gateway.close();
  else if (chance < 0.92) await gateway.commit();
  else if (chance < 0.95) gateway.rotate();
  else if (chance < 0.985) await gateway.flush();
  else gateway.crash();
}

function nameOf(rung: Rung): string {
  return `${rung.call.id}/${rung.number}`;
}

async function storedRungs(): Promise<Map<string, StoredRow>> {
  const rows = (await ledger.rows()).filter(({ provider }) => provider !== null);
  const stored = new Map(rows.map((row) => [`${row.call_id}/${row.rung}`, row]));
  expect(stored.size).toBe(rows.length);
  return stored;
}

it.each([1, 987_654_321])('through crashes, outages and lost acknowledgements (seed %i)', async (seed) => {
  const random = randomNumbers(seed);
  using gateway = new AccidentProneGateway(random, ledger.writer, ledger.rejects);
  for (let steps = 0; steps < STEPS; steps++) await step(gateway, random());

  await gateway.commit();
  await gateway.flush();
  const early = await storedRungs();
  for (const rung of gateway.open)
    expect(early.has(nameOf(rung)), 'what is under way is not in the ledger').toBe(false);

  gateway.crash();
  // Each try may meet an outage; what a try has written must not be written twice by the next one.
  for (let tries = 0; tries < 20; tries++) await gateway.flush();
  const stored = await storedRungs();
  const count = { settled: 0, unconfirmed: 0 };
  for (const rung of gateway.rungs) {
    const row = stored.get(nameOf(rung));
    if (rung.state === 'asked' && row === undefined) continue;
    if (rung.state === 'settled' || (rung.state === 'unsure' && row?.settlement === 'exact')) {
      expect(row).toMatchObject({ settlement: 'exact', cost: formatUsd(rung.cost), rung_status: 'ok' });
      count.settled++;
    } else {
      expect(row).toMatchObject({ settlement: 'unconfirmed', cost: formatUsd(0n), reserved: formatUsd(100n) });
      count.unconfirmed++;
    }
  }
  expect(stored.size).toBe(count.settled + count.unconfirmed);
  expect(count.settled).toBeGreaterThan(STEPS / 10);
  expect(count.unconfirmed).toBeGreaterThan(20);
  expect(gateway.crashes).toBeGreaterThan(20);
  expect(gateway.lostBatches).toBeGreaterThan(10);
  expect(ledger.rejects.count).toBe(0);
  expect(gateway.segments).toBe(1);
  expect((await ledger.closedJournals()).sort()).toEqual(gateway.deadJournals.sort());
});
