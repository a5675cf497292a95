import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ended, ProcessGround } from './gateway-process.js';

let ground: ProcessGround;
let primary: ChildProcess;
let url: string;
let answered = 0;

beforeAll(async () => {
  ground = await ProcessGround.prepare();
  ground.simulator.configure({ latencyMs: 5, tokensPerSecond: 500 });
  ({ child: primary, url } = await ground.start({ PARSIMONY_PROCESSES: '2', PARSIMONY_DRAIN_SECONDS: '10' }));
});
afterAll(async () => {
  await ended(primary, 'SIGTERM');
  await ground[Symbol.asyncDispose]();
});

const WAYS: readonly (readonly [string, (before: readonly number[]) => Promise<void>])[] = [
  [
    'SIGHUP to the first process',
    async (before) => {
      primary.kill('SIGHUP');
      await gone(before);
    },
  ],
  [
    'SIGTERM to each of them in turn',
    async (before) => {
      for (const pid of before) {
        process.kill(pid, 'SIGTERM');
        await gone([pid]);
        await allReady();
      }
    },
  ],
];

it.each(WAYS)(
  '%s under load: both processes are replaced, and no call fails, streams among them',
  async (_name, replace) => {
    const agent = new Agent({ connections: 8 });
    const outcomes = { ok: 0, failed: [] as string[] };
    let calling = true;
    const caller = async (stream: boolean): Promise<void> => {
      const body = JSON.stringify({
        model: 'gpt-4.1-mini',
        stream,
        max_tokens: 30,
        messages: [{ role: 'user', content: 'x' }],
      });
      while (calling) {
        try {
          const answer = await request(`${url}/v1/chat/completions`, {
            method: 'POST',
            dispatcher: agent,
            headers: { authorization: `Bearer ${ground.secret}`, 'content-type': 'application/json' },
            body,
          });
          const text = await answer.body.text();
          if (answer.statusCode === 200 && (!stream || text.endsWith('data: [DONE]\n\n'))) outcomes.ok++;
          else outcomes.failed.push(`${answer.statusCode} ${text.slice(0, 200)}`);
        } catch (error) {
          outcomes.failed.push(String(error));
        }
      }
    };
    const callers = Array.from({ length: 8 }, (_, index) => caller(index % 2 === 0));
    await delay(500);
    await replace(await processes());
    await delay(500);
    calling = false;
    await Promise.all(callers);
    await agent.close();
    expect(await processes()).toHaveLength(2);
    expect(outcomes.failed).toEqual([]);
    expect(outcomes.ok).toBeGreaterThan(50);
    answered += outcomes.ok;
    const [{ calls } = { calls: '0' }] = await settledCalls(answered);
    expect(Number(calls)).toBe(answered);
  },
  60_000,
);

it('shows the metrics of both processes as one', async () => {
  const answer = await fetch(`${url}/metrics`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('parsimony_calls_total');
});

/** Waits until none of the processes is there any more. */
async function gone(pids: readonly number[]): Promise<void> {
  await expect
    .poll(async () => (await processes()).some((pid) => pids.includes(pid)), { timeout: 40_000, interval: 100 })
    .toBe(false);
}

/** Waits until each of the processes has said that it is ready. */
async function allReady(): Promise<void> {
  const ready = new Set<number>();
  await expect
    .poll(
      async () => {
        const answer = await fetch(`${url}/readyz`, { headers: { connection: 'close' } });
        if (answer.ok) ready.add(((await answer.json()) as { process: number }).process);
        const present = await processes();
        return present.length === 2 && present.every((pid) => ready.has(pid));
      },
      { timeout: 20_000, interval: 50 },
    )
    .toBe(true);
}

/** Ids of the gateway processes below the first one. */
async function processes(): Promise<number[]> {
  const children = await readFile(`/proc/${primary.pid}/task/${primary.pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

async function settledCalls(expected: number): Promise<{ calls: string }[]> {
  for (let tries = 0; ; tries++) {
    const rows = await ground.database.dataSource.query<{ calls: string }[]>(
      `SELECT count(*) AS calls FROM usage WHERE closes AND status = 'ok'`,
    );
    if (Number(rows[0]?.calls) >= expected || tries > 50) return rows;
    await delay(100);
  }
}
