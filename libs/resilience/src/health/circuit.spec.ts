import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { passTime, stopClock } from '../../test/scripted-provider.js';
import { Circuit } from './circuit.js';

const LIMITS = { failureShare: 0.5, windowMs: 10_000, fewestCalls: 10, firstPauseMs: 1000, longestPauseMs: 8000 };

let circuit: Circuit;
beforeEach(() => {
  stopClock();
  circuit = new Circuit(LIMITS);
});
afterEach(() => void vi.useRealTimers());

/** Cockatiel decides in a microtask. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function fail(times: number): Promise<void> {
  for (let index = 0; index < times; index++) circuit.failed(false);
  await settled();
}

it('opens when more than a share of enough calls fail', async () => {
  await fail(9);
  expect([circuit.state, circuit.admit()]).toEqual(['closed', 'closed']);
  await fail(1);
  expect([circuit.state, circuit.admit(), circuit.failureShare]).toEqual(['open', 'refused', 1]);
});

it('stays closed at 30 % failures', async () => {
  for (let index = 0; index < 1000; index++) {
    passTime(5);
    if (index % 10 < 3) await fail(1);
    else circuit.succeeded(false);
  }
  expect(circuit.state).toBe('closed');
  expect(circuit.failureShare).toBeCloseTo(0.3, 1);
});

it('lets one probe in after its pause, and closes when that succeeds', async () => {
  await fail(10);
  passTime(60_000);
  expect([circuit.admit(), circuit.state, circuit.admit()]).toEqual(['probe', 'half-open', 'refused']);
  circuit.succeeded(true);
  await settled();
  expect([circuit.state, circuit.admit(), circuit.failureShare]).toEqual(['closed', 'closed', 0]);
});

it('takes the failure of an attempt that began before it opened for no probe', async () => {
  await fail(10);
  passTime(60_000);
  await fail(1);
  expect(circuit.admit()).toBe('probe');
});

it('opens again when the probe fails, whatever others say meanwhile', async () => {
  await fail(10);
  passTime(60_000);
  expect(circuit.admit()).toBe('probe');
  await fail(5);
  circuit.succeeded(false);
  await settled();
  expect(circuit.state).toBe('half-open');
  circuit.failed(true);
  await settled();
  expect([circuit.state, circuit.admit()]).toEqual(['open', 'refused']);
});

it('stays closed where few fail at once and the others take long: those have not failed so soon', async () => {
  for (let underWay = 19; underWay <= 400; underWay += 19) {
    circuit.failed(false, underWay);
    await settled();
  }
  expect(circuit.state).toBe('closed');
});

it('opens where most fail at once, and where the oldest fail first', async () => {
  for (let underWay = 1; underWay <= 10; underWay++) circuit.failed(false, underWay >> 1);
  await settled();
  expect(circuit.state).toBe('open');
});
