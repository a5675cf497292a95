import { expect, it } from 'vitest';
import { runSeed } from '../src/ledger/run-seed.js';

it('a short run on a real deployment finds ledger and bill equal', { timeout: 60_000 }, async () => {
  const findings = await runSeed({ seed: 11, calls: 400, concurrency: 32 }, new AbortController().signal);
  expect(findings.filter(({ met }) => !met)).toEqual([]);
  expect(findings[0]?.measured).not.toBe('$0.000000000000');
});
