import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { Ground, TOKEN } from './ground.js';
import { TestHolder } from './test-holder.js';

const MAIN = join(import.meta.dirname, '../dist/main.js');

let ground: Ground;
const children: ChildProcess[] = [];

beforeAll(async () => {
  ground = await Ground.prepare();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await ground[Symbol.asyncDispose]();
});

function launch(variables: NodeJS.ProcessEnv): ChildProcess {
  const child = fork(MAIN, {
    env: { PATH: process.env['PATH'], PARSIMONY_LOG_LEVEL: 'warn', PARSIMONY_BUDGETS_PORT: '0', ...variables },
    execArgv: [],
    silent: true,
  });
  children.push(child);
  return child;
}

/** Starts the service as a process of its own, from its built files, and waits until it listens. */
async function start(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = launch({ DATABASE_URL: ground.database.url, PARSIMONY_SERVICE_TOKEN: TOKEN });
  const message = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
  expect(message).toMatchObject({ ready: true });
  return { child, url: (message as { url: string }).url };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

async function leads(url: string): Promise<boolean> {
  return ((await (await fetch(`${url}/readyz`)).json()) as { leads: boolean }).leads;
}

it('listens on the machine itself, lends, and is followed by another one when it is killed', async () => {
  const [first, second] = [await start(), await start()];
  expect(new URL(first.url).hostname).toBe('127.0.0.1');
  const budget = await ground.budget({ amount: 1_000n });
  const instance = crypto.randomUUID();
  const holder = new TestHolder(first.url, TOKEN, instance);
  expect(await holder.lent(ground.ask(budget, { need: 600n }))).toMatchObject({ granted: 600n });
  await eventually(async () =>
    expect([await leads(first.url), await leads(second.url)].filter(Boolean)).toHaveLength(1),
  );

  const [leader, follower] = (await leads(first.url)) ? [first, second] : [second, first];
  const killed = exitOf(leader.child);
  leader.child.kill('SIGKILL');
  await killed;
  await eventually(async () => expect(await leads(follower.url)).toBe(true));

  const moved = new TestHolder(follower.url, TOKEN, instance);
  moved.sequence = holder.sequence;
  expect(await moved.lent(ground.ask(budget, { claim: 600n, spent: 100n, need: 1_000n }))).toMatchObject({
    ...{ granted: 1_000n, remaining: 900n },
  });
  const ended = exitOf(follower.child);
  follower.child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

it('stops when whoever started it is gone', async () => {
  const { child } = await start();
  const ended = exitOf(child);
  child.disconnect();
  expect(await ended).toBe(0);
});

it.each([
  [{ PARSIMONY_SERVICE_TOKEN: TOKEN }, 'DATABASE_URL'],
  [{ DATABASE_URL: 'postgres://localhost/none' }, 'PARSIMONY_SERVICE_TOKEN'],
  [{ DATABASE_URL: 'postgres://localhost/none', PARSIMONY_SERVICE_TOKEN: 'short' }, 'PARSIMONY_SERVICE_TOKEN'],
])('does not start with %o, and says why', async (variables, named) => {
  const child = launch(variables);
  let said = '';
  child.stderr?.on('data', (part: Buffer) => (said += part.toString()));
  expect(await exitOf(child)).toBe(1);
  expect(said).toContain(named);
  expect(said).not.toContain('    at ');
});
