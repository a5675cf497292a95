import { parseUsd } from '@parsimony/contract';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isConclusive, witness, DEFAULT_OPTIONS, type WitnessOptions } from '../src/index.js';
import { checkThenCharge, reserveThenSettle, startCappedGateway, type CappedGatewayOptions } from './capped-gateway.js';

const CAP = parseUsd('0.01');
const { signal } = new AbortController();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ settings: { latencyMs: 20, answerTokens: { min: 20, max: 400 } } });
});
afterAll(() => simulator.close());

const options = (...baseUrls: readonly string[]): WitnessOptions => ({
  ...DEFAULT_OPTIONS,
  baseUrls,
  key: 'psk_capped',
  billUrl: `${simulator.url}/simulator/bill`,
  cap: CAP,
  callers: 40,
  largestAnswer: 400,
  timeoutMs: 20_000,
});
const gateway = (rest: Omit<CappedGatewayOptions, 'upstream'>) =>
  startCappedGateway({ upstream: simulator.url, ...rest });

it('shows by how much a gateway that checks and then charges is overspent', async () => {
  await using checking = await gateway({ discipline: checkThenCharge(CAP) });
  const before = BigInt(simulator.bill().total.chargedPicoDollars);
  const report = await witness(options(checking.url), signal);
  expect(report.bill).toBe(BigInt(simulator.bill().total.chargedPicoDollars) - before);
  expect(report.overshoot).toBe(report.bill - CAP);
  expect(report.overshoot).toBeGreaterThan(CAP / 20n);
  expect(report.share).toBeCloseTo(Number(report.bill) / Number(CAP), 5);
  expect(isConclusive(report)).toBe(true);
});

it('shows none where the worst case is set aside first', async () => {
  await using reserving = await gateway({ discipline: reserveThenSettle(CAP) });
  const report = await witness(options(reserving.url), signal);
  expect(report.overshoot).toBe(0n);
  expect(report.bill).toBeLessThanOrEqual(CAP);
  expect(report.share).toBeGreaterThan(0.5);
  expect(report.refused).toEqual([{ reason: '402 budget_exceeded', calls: expect.any(Number) }]);
  // Three in a row of each, and those after which a smaller call was still let in.
  expect(report.refused[0]?.calls).toBeGreaterThanOrEqual(40 * 3);
  expect(report).toMatchObject({ failed: [], callers: { refused: 40, gaveUp: 0, stopped: 0 } });
});

it('goes on with the other gateway where one is gone', async () => {
  await using reserving = await gateway({ discipline: reserveThenSettle(CAP) });
  const gone = await gateway({ discipline: reserveThenSettle(CAP) });
  await gone[Symbol.asyncDispose]();
  const report = await witness({ ...options(gone.url, reserving.url), callers: 5 }, signal);
  expect(report.failed).toEqual([{ reason: 'ECONNREFUSED', calls: 5 }]);
  expect(report.callers).toEqual({ refused: 10, gaveUp: 0, stopped: 0 });
});

it('waits out a plain rate limit, and takes one that speaks of a budget for a refusal', async () => {
  let asked = 0;
  await using busy = await gateway({
    discipline: reserveThenSettle(CAP),
    refusal: { status: 429, body: '{"error":{"message":"Budget has been exceeded!","code":"429"}}' },
    before: (response) => {
      if (++asked % 2 === 0) return false;
      response.writeHead(429, { 'retry-after': '0' }).end('{"error":{"message":"slow down"}}');
      return true;
    },
  });
  const report = await witness({ ...options(busy.url), callers: 1, stopAfterRefusals: 1 }, signal);
  expect(report.busy).toBeGreaterThan(1);
  expect(report).toMatchObject({ refused: [{ reason: '429', calls: 1 }], failed: [] });
});

describe('what proves nothing', () => {
  it('a gateway that only fails', async () => {
    await using failing = await gateway({
      discipline: reserveThenSettle(CAP),
      before: (response) => {
        response.writeHead(503).end('{"error":{"code":"away"}}');
        return true;
      },
    });
    const report = await witness({ ...options(failing.url), callers: 2 }, signal);
    expect(report.failed).toEqual([{ reason: '503 away', calls: 20 }]);
    expect([report.callers.gaveUp, isConclusive(report)]).toEqual([2, false]);
  });

  it('a cap that nobody reached in time', async () => {
    await using generous = await gateway({ discipline: reserveThenSettle(parseUsd('1000')) });
    const report = await witness({ ...options(generous.url), callers: 2, timeoutMs: 300 }, signal);
    expect([report.callers.stopped, isConclusive(report)]).toEqual([2, false]);
    expect(report.answered).toBeGreaterThan(0);
  });

  it('a bill that cannot be read', async () => {
    const read = (billUrl: string) => witness({ ...options('http://127.0.0.1:9/v1'), billUrl }, signal);
    await expect(read('http://127.0.0.1:9/bill')).rejects.toThrow('nobody answers');
    await expect(read(`${simulator.url}/nowhere`)).rejects.toThrow('status 404');
    await expect(read(`${simulator.url}/simulator/config`)).rejects.toThrow('no bill');
  });
});

it('ends at once where it is told to', async () => {
  await using reserving = await gateway({ discipline: reserveThenSettle(parseUsd('1000')) });
  const stopping = new AbortController();
  const running = witness(options(reserving.url), stopping.signal);
  stopping.abort();
  await expect(running).rejects.toThrow('aborted');
});
