import { expect, it } from 'vitest';
import { judgeFlight } from '../src/cache/judge-flight.js';
import { judgeSavings } from '../src/cache/judge-savings.js';
import { judgeTenants } from '../src/cache/judge-tenants.js';
import { runFlight } from '../src/cache/run-flight.js';
import { runSavings } from '../src/cache/run-savings.js';
import { runSemantic } from '../src/cache/run-semantic.js';
import { runTenants } from '../src/cache/run-tenants.js';

const { signal } = new AbortController();
const missed = (findings: readonly { met: boolean; what: string; measured: string }[]) =>
  findings.filter(({ met }) => !met).map(({ what, measured }) => `${what}: ${measured}`);

it('identical calls on a real deployment share one provider call', { timeout: 120_000 }, async () => {
  const runs = await runFlight(40, signal);
  expect(runs.map(({ stream }) => stream)).toEqual([false, true]);
  expect(missed(runs.flatMap(judgeFlight))).toEqual([]);
});

it('no tenant gets what another one was told', { timeout: 120_000 }, async () => {
  const run = await runTenants({ tenants: 3, questions: 8, lookups: 100, concurrency: 8, seed: 1 }, signal);
  expect(missed(judgeTenants(run))).toEqual([]);
});

it('what was booked as saved is what the bill is smaller by', { timeout: 120_000 }, async () => {
  const run = await runSavings({ calls: 300, topics: 15, concurrency: 4, seed: 1 }, signal);
  expect(missed(judgeSavings(run))).toEqual([]);
});

it('a grown cache finds what came through the gateway', { timeout: 180_000 }, async () => {
  const run = await runSemantic({ entries: 400, real: 60, lookups: 20, perSecond: 20, seed: 1 }, signal);
  expect(run.alone.filter(({ cache }) => cache === 'semantic').length).toBeGreaterThan(5);
  expect(run.searchMs).toHaveLength(20);
  expect(run.eventLoopDelayMs).toBeGreaterThanOrEqual(0);
});
