import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Calls back once when npm, which started this process, was killed: nobody could then stop it by Ctrl-C, and it would
 * hold ports and data against the next start. A process that was started otherwise may outlive its parent.
 */
export function watchForOrphanhood(variables: NodeJS.ProcessEnv, onOrphaned: () => void): void {
  if (variables['npm_lifecycle_event'] === undefined) return;
  const parents = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === parents) return;
    clearInterval(timer);
    onOrphaned();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** The parent, and its parent: npm runs scripts by a shell, which outlives it. */
function ancestors(): string {
  const { ppid } = process;
  try {
    const stat = readFileSync(`/proc/${ppid}/stat`, 'latin1');
    return `${ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return String(ppid);
  }
}
