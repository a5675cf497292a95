import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../test/eventually.js';
import { Ground, SILENT_LOGGER } from '../../test/ground.js';
import type { BudgetsService } from '../start-budgets.js';
import { JobRunner } from './job-runner.js';
import { Leader } from './leader.js';

let ground: Ground;

beforeAll(async () => {
  ground = await Ground.prepare();
});
afterAll(() => ground[Symbol.asyncDispose]());

function leaders(services: readonly BudgetsService[]): readonly boolean[] {
  return services.map(({ leads }) => leads);
}

it('is one of all instances; another one takes over when it stops', async () => {
  const first = await ground.start();
  await eventually(async () => expect(first.leads).toBe(true));
  const second = await ground.start();
  const third = await ground.start();
  await sleep(200);
  expect(leaders([first, second, third])).toEqual([true, false, false]);
  await first.stop();
  expect(first.leads).toBe(false);
  await eventually(async () => expect(leaders([second, third]).filter(Boolean)).toHaveLength(1));
  await Promise.all([second.stop(), third.stop()]);
});

it('is another one, or the same again, when its connection is cut; its jobs go on', async () => {
  const services = [await ground.start(), await ground.start()];
  await eventually(async () => expect(leaders(services)).toContain(true));
  const cut = await ground.sql(
    `SELECT pg_terminate_backend(pid) AS done FROM pg_locks WHERE locktype = 'advisory' AND granted`,
  );
  expect(cut).toEqual([{ done: true }]);
  await eventually(async () => {
    const held = await ground.sql(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted`);
    expect(held).toHaveLength(1);
    expect(leaders(services).filter(Boolean)).toHaveLength(1);
  });
  const holder = ground.holder(services[0]!);
  const budget = await ground.budget({ amount: 100n });
  const { leaseId } = await holder.lent(ground.ask(budget, { need: 50n }));
  await ground.closeJournal(holder.id);
  await eventually(async () => {
    expect(await ground.sql('SELECT closed_at FROM budget_lease WHERE id = $1', [leaseId])).toEqual([
      { closed_at: expect.any(Date) },
    ]);
  });
  await Promise.all(services.map((service) => service.stop()));
});

it('looks at once when the ledger is written to', async () => {
  let rounds = 0;
  const work = async (): Promise<void> => void rounds++;
  await using leader = new Leader({ url: ground.database.url, logger: SILENT_LOGGER, everyMs: 3_600_000, work });
  await eventually(async () => expect(rounds).toBe(1));
  await ground.sql('NOTIFY parsimony_usage');
  await eventually(async () => expect(rounds).toBe(2));
  expect(leader.leads).toBe(true);
});

it('stops while the database is away', async () => {
  const work = async (): Promise<void> => undefined;
  const leader = new Leader({ url: 'postgres://localhost:1/none', logger: SILENT_LOGGER, everyMs: 10, work });
  await sleep(50);
  await leader[Symbol.asyncDispose]();
  expect(leader.leads).toBe(false);
});

it('lets a job that fails keep no other from its work', async () => {
  const ran: string[] = [];
  const failed: string[] = [];
  const jobs = [
    {
      name: 'broken',
      everyMs: 0,
      run: async () => {
        throw new Error('this job is broken');
      },
    },
    { name: 'seldom', everyMs: 3_600_000, run: async () => void ran.push('seldom') },
    { name: 'often', everyMs: 0, run: async () => void ran.push('often') },
  ];
  const never = { query: () => Promise.reject(new Error('no statement is expected')) };
  const context = { pool: never as never, clock: () => null, logger: SILENT_LOGGER };
  const runner = new JobRunner(jobs, context, (job) => failed.push(job));
  await runner.run(new AbortController().signal);
  await runner.run(new AbortController().signal);
  await runner.run(AbortSignal.abort());
  expect(ran).toEqual(['seldom', 'often', 'often']);
  expect(failed).toEqual(['broken', 'broken']);
});
