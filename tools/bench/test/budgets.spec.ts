import { parseUsd } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { runCap } from '../src/budgets/cap-run.js';
import { Fleet } from '../src/budgets/fleet.js';
import { runHotPath } from '../src/budgets/hot-path.js';
import { judgeKills, judgeShare } from '../src/budgets/judge-cap.js';

const { signal } = new AbortController();
const missed = (findings: readonly { met: boolean; what: string; measured: string }[]) =>
  findings.filter(({ met }) => !met).map(({ what, measured }) => `${what}: ${measured}`);

it(
  'a small cap before two real gateways holds to the pico-dollar, also where one is killed',
  { timeout: 180_000 },
  async () => {
    await using fleet = await Fleet.start(2);
    const small = { cap: parseUsd('0.04'), callers: 12, stopAfterRefusals: 2 };
    const whole = await runCap(fleet, { ...small, seed: 1, killAt: [] }, signal);
    expect(missed(judgeShare('whole', [whole]))).toEqual([]);
    const killed = await runCap(fleet, { ...small, seed: 2, killAt: [0.3] }, signal);
    expect(missed(judgeKills('killed', [killed], 1))).toEqual([]);
  },
);

it('takes and settles in four budgets', async () => {
  const { microseconds, waited } = await runHotPath(2_000, signal);
  expect(microseconds.length).toBeGreaterThanOrEqual(2_000);
  expect(waited).toBeLessThan(200);
});
