import { execFile, fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = dirname(import.meta.dirname);
const MAIN = join(PROJECT, 'dist', 'main.js');
const READY = /^Simulator ready on (http:\/\/127\.0\.0\.1:\d+)\/v1/;

const children: ChildProcess[] = [];

beforeAll(async () => {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-b', PROJECT]);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function firstLine(child: ChildProcess): Promise<string> {
  children.push(child);
  if (!child.stdout) throw new Error('the output is not piped');
  const [bytes] = (await once(child.stdout, 'data')) as [Buffer];
  return bytes.toString();
}

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}

describe('the process', () => {
  it('says in one line where it is, and ends cleanly on SIGTERM with a call under way', async () => {
    const child = spawn(process.execPath, [MAIN, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await firstLine(child);
    expect(line.match(/\n/g)).toHaveLength(1);
    const url = READY.exec(line)?.[1] ?? '';
    expect(await isUp(url)).toBe(true);
    const hanging = fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-x', 'x-simulator-fault': 'timeout' },
      body: '{"model":"gpt-4.1","messages":[{"role":"user","content":"x"}]}',
    });
    const broken = expect(hanging).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await broken;
  });

  it('ends when the channel to its parent closes', async () => {
    const child = fork(MAIN, ['--port', '0'], { silent: true, execArgv: [] });
    const url = READY.exec(await firstLine(child))?.[1] ?? '';
    expect(await isUp(url)).toBe(true);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('does not outlive a parent that was killed', async () => {
    const script = `require('node:child_process').fork(${JSON.stringify(MAIN)}, ['--port', '0'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = READY.exec(await firstLine(parent))?.[1] ?? '';
    expect(await isUp(url)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isUp(url), { timeout: 5000 }).toBe(false);
  });

  it('says why it did not start', async () => {
    const child = spawn(process.execPath, [MAIN, '--latency-ms', 'soon'], { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    const [bytes] = (await once(child.stderr, 'data')) as [Buffer];
    expect(bytes.toString()).toMatch(/did not start: '--latency-ms': expected a number/);
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
