import { readFileSync, readdirSync } from 'node:fs';

/** Processes that a process started and that still run. Reads `/proc`, so on Linux alone. Empty where it has ended. */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) => {
    try {
      const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
      return children.split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
}

/** A process and all below it. */
export function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

/** @throws Error where the process has ended. */
export function parentOf(pid: number): number {
  return parseParent(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

/** @param stat text of `/proc/PID/stat`, see proc_pid_stat(5): the name in brackets may hold anything. */
export function parseParent(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Ids of a process's threads; empty where it has ended. */
export function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
