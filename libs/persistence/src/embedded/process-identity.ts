import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The command line of a live process, its arguments joined by spaces.
 *
 * @returns undefined where no such process runs. A zombie does not run: in a container whose first process reaps
 * nothing, a dead PostgreSQL would otherwise seem alive forever.
 */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (platform() !== 'linux') return processColumn(pid, 'command');
  try {
    const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return raw === '' ? undefined : raw.split('\0').join(' ').trimEnd();
  } catch {
    return undefined;
  }
}

/**
 * A text that no two processes share, even where the second one got the first one's number.
 *
 * @returns undefined where no such process runs.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (platform() !== 'linux') return processColumn(pid, 'lstart');
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // proc_pid_stat(5): the name stands in brackets and may hold spaces; after it, state is field 3, starttime field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${boot.trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Whether a process answers to this number, be it a zombie or another user's. */
export function pidIsTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function processColumn(pid: number, column: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
