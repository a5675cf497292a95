import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Lets processes run on these cores only, with all their threads and whatever they start from now on.
 *
 * @param cores as taskset(1) takes them, such as `0` or `0,1`.
 * @throws Error where taskset is not there (util-linux), or a process has ended.
 */
export async function pinTo(cores: string, pids: readonly number[]): Promise<void> {
  for (const pid of pids) await run('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)]);
}

/** @returns the cores that a process may use, as taskset(1) writes them, such as `0-3`. */
export async function coresOf(pid: number): Promise<string> {
  const { stdout } = await run('taskset', ['--cpu-list', '--pid', String(pid)]);
  return stdout.slice(stdout.lastIndexOf(':') + 1).trim();
}
