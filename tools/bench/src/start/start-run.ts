import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answersOk, freePorts, isolatedVariables, OutputTail, until } from '@parsimony/demo';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const LONGEST_START_MS = 60_000;
const LONGEST_STOP_MS = 60_000;
/** Poll so often: an answer is seen this much too late at most. */
const POLL_MS = 10;

export interface StartRun {
  /** From `npm start` to the first 200 of `/readyz`. */
  readonly startMs: number;
  /** From the interrupt until everything has ended that could write to the terminal. */
  readonly stopMs: number;
}

/** Runs `npm start` as a user does in a terminal, until it is ready, and ends it as Ctrl-C does. */
export async function startOnce(folder: string, signal: AbortSignal): Promise<StartRun> {
  const [port, simulatorPort] = await freePorts(2);
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: isolatedVariables(process.env, {
      PORT: String(port),
      PARSIMONY_SIMULATOR_PORT: String(simulatorPort),
      PARSIMONY_HOME: join(folder, 'home'),
      PARSIMONY_LOG_LEVEL: 'warn',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A terminal gives what it starts a process group, and Ctrl-C goes to all of it.
    detached: true,
  });
  const output = new OutputTail(child.stdout, child.stderr);
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    await until(
      async () => {
        signal.throwIfAborted();
        if (child.exitCode !== null) throw new Error(`npm start ended before it was ready:\n${output.text}`);
        return (await answersOk(`http://127.0.0.1:${port}/readyz`)) || undefined;
      },
      { what: 'npm start to be ready', timeoutMs: LONGEST_START_MS, everyMs: POLL_MS },
    );
    const startMs = performance.now() - startedAt;
    const interruptedAt = performance.now();
    interrupt(child, 'SIGINT');
    await closed;
    return { startMs, stopMs: performance.now() - interruptedAt };
  } finally {
    await end(child, closed);
  }
}

function interrupt(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}

/** Ends what is still there, where the measurement was left early. */
async function end(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  interrupt(child, 'SIGINT');
  const timer = setTimeout(() => interrupt(child, 'SIGKILL'), LONGEST_STOP_MS);
  await closed;
  clearTimeout(timer);
}
