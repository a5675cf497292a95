import { expect, it } from 'vitest';
import { judgeScenario } from '../src/reliability/judge-scenario.js';
import { runScenario } from '../src/reliability/run-scenario.js';
import { SCENARIOS } from '../src/reliability/scenario.js';

it.each(SCENARIOS)(
  'a short run on a real deployment, $name: answered, every attempt in the ledger, ledger as billed',
  { timeout: 60_000 },
  async (scenario) => {
    const run = await runScenario(scenario, { seed: 3, calls: 200, concurrency: 16 }, new AbortController().signal);
    expect(judgeScenario(scenario, run).filter(({ met }) => !met)).toEqual([]);
    expect(run.ledger.some(({ rungs }) => rungs.length > 1)).toBe(true);
  },
);
