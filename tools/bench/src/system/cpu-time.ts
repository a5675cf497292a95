import { readFileSync } from 'node:fs';
import { threadsOf } from './process-tree.js';

const NANOSECONDS = 1e9;

/**
 * CPU time that processes have used so far in all their threads, user and system, in seconds. It comes from the
 * scheduler's own account in nanoseconds: the ticks of `/proc/PID/stat` are 10 ms long.
 *
 * @throws Error where a process has ended, or the system has no `/proc/PID/schedstat`.
 */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + secondsOf(pid), 0);
}

function secondsOf(pid: number): number {
  const threads = threadsOf(pid);
  if (threads.length === 0) throw new Error(`process ${pid} has ended`);
  return threads.reduce(
    (sum, thread) => sum + parseRunTime(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')),
    0,
  );
}

/** @param schedstat text of `/proc/PID/task/TID/schedstat`: time on a CPU in nanoseconds comes first. */
export function parseRunTime(schedstat: string): number {
  const nanoseconds = Number(/^\d+/.exec(schedstat)?.[0]);
  if (Number.isNaN(nanoseconds)) throw new Error('the scheduler shows no run time');
  return nanoseconds / NANOSECONDS;
}
