import { readFileSync } from 'node:fs';

const RESIDENT = /^VmRSS:\s+(\d+) kB$/m;

/** Memory that a process holds in RAM, in MiB. @throws Error where it has ended, or the system has no `/proc`. */
export function residentMemory(pid: number): number {
  return parseResidentMemory(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** @param status text of `/proc/PID/status`, see proc_pid_status(5). */
export function parseResidentMemory(status: string): number {
  const kibibytes = RESIDENT.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error('the process status names no resident memory');
  return Number(kibibytes) / 1024;
}
