import { readFileSync, readdirSync } from 'node:fs';

/** What `parsimony up` runs as a process of its own. */
export type Part = 'gateway' | 'budgets';

/**
 * Finds a part among the children of `parsimony up`, by what it runs. It reads `/proc`, so on Linux alone.
 *
 * @throws Error where there is not exactly one.
 */
export function findPartProcess(upPid: number, part: Part): number {
  const runs = new RegExp(String.raw`apps[/\\]${part}[/\\]dist[/\\]main\.js`);
  const found = childrenOf(upPid).filter((pid) => runs.test(commandLineOf(pid)));
  const [pid] = found;
  if (pid === undefined || found.length > 1)
    throw new Error(`expected one ${part} among the children of process ${upPid}, but found ${found.length}`);
  return pid;
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

/** Empty where the process has ended meanwhile. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
