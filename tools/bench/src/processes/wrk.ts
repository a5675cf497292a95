import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LeanRequest } from '../load/lean-call.js';
import type { LoadGenerator, LoadResult } from './load-result.js';

const run = promisify(execFile);

/** Load from wrk, which costs a fraction of what a client in Node does. @throws Error where it fails. */
export const wrkLoad: LoadGenerator = async ({ url, request, connections, seconds }, signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'parsimony-wrk-'));
  try {
    const script = join(folder, 'request.lua');
    await writeFile(script, wrkScript(request));
    const options = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`];
    const { stdout } = await run('wrk', [...options, '--script', script, url + request.path], { signal });
    return parseWrkReport(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** @returns whether wrk is installed. */
export async function hasWrk(): Promise<boolean> {
  try {
    await run('wrk', ['--version']);
    return true;
  } catch (error) {
    // It prints its version and exits with 1.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** The request as Lua, see wrk's SCRIPTING; level-2 brackets take JSON as it is. */
export function wrkScript({ headers, body }: LeanRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers[ [==[${name}]==] ] = [==[${value}]==]`);
  return ['wrk.method = "POST"', ...lines, `wrk.body = [==[${body}]==]`, ''].join('\n');
}

const CALLS = /^\s*(\d+) requests in /m;
const RATE = /^Requests\/sec:\s+([\d.]+)/m;
const REFUSED = /^\s*Non-2xx or 3xx responses: (\d+)/m;
const BROKEN = /^\s*Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/m;

/** @throws Error where the text is no report of wrk. */
export function parseWrkReport(text: string): LoadResult {
  const calls = CALLS.exec(text)?.[1];
  const rate = RATE.exec(text)?.[1];
  if (calls === undefined || rate === undefined) throw new Error(`wrk reported no rate:\n${text}`);
  const counts = [REFUSED.exec(text)?.[1] ?? '0', ...(BROKEN.exec(text)?.slice(1) ?? [])];
  return { calls: Number(calls), rate: Number(rate), failed: counts.reduce((sum, count) => sum + Number(count), 0) };
}
