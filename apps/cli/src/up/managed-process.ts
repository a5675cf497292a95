import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface ManagedProcessOptions {
  readonly name: string;
  /** The module that runs. */
  readonly path: string;
  readonly nodeFlags?: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** How long it may take to stop in order before it is killed. */
  readonly graceMs: number;
  /** Told when it dies again and again; undefined: it is started again for ever, since others do without it for a while. */
  readonly onGivenUp: ((reason: Error) => void) | undefined;
}

const RESTARTS_AT_MOST = 5;
const RESTART_WINDOW_MS = 60_000;
const RESTART_PAUSE_AT_MOST_MS = 10_000;

/**
 * A child that is started again when it dies. It lives in a process group of its own, so that Ctrl-C reaches only us and
 * things stop in order; a channel to us tells it when we are gone.
 */
export class ManagedProcess {
  #child: ChildProcess | undefined;
  #stopping = false;
  readonly #deaths: number[] = [];

  constructor(private readonly options: ManagedProcessOptions) {}

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** @returns the first message of the child, which says that it is ready. @throws where it ends before, or is stopped. */
  start(): Promise<unknown> {
    // Everything is being stopped, since something else did not start: nobody would stop this one.
    if (this.#stopping) return Promise.reject(new Error(`${this.options.name} was stopped`));
    const { name, path, environment, nodeFlags = [] } = this.options;
    const child = fork(path, {
      env: environment,
      execArgv: [...process.execArgv, ...nodeFlags],
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    const ready = Promise.withResolvers<unknown>();
    child.once('message', (message) => {
      ready.resolve(message);
      child
        .removeAllListeners('exit')
        .once('exit', (code, signal) => void this.#restart(`${name} ended with ${signal ?? code}`));
    });
    child.once('exit', (code, signal) =>
      ready.reject(new Error(`${name} did not start; it ended with ${signal ?? code}`)),
    );
    return ready.promise;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), this.options.graceMs);
    await exited;
    clearTimeout(kill);
  }

  kill(): void {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
  }

  async #restart(reason: string): Promise<void> {
    if (this.#stopping) return;
    const recent = this.#countDeath();
    const { name, onGivenUp } = this.options;
    if (recent > RESTARTS_AT_MOST && onGivenUp)
      return onGivenUp(new Error(`${reason}, for the ${recent}th time in a minute`));
    console.error(`${reason}; starting it again`);
    await delay(Math.min(100 * 2 ** recent, RESTART_PAUSE_AT_MOST_MS));
    if (this.#stopping) return;
    try {
      await this.start();
    } catch (error) {
      if (!onGivenUp) return this.#restart(`${name} could not be started again`);
      onGivenUp(new Error(`${reason}, and could not be started again`, { cause: error }));
    }
  }

  /** @returns how often it died of late, this time included. */
  #countDeath(): number {
    const now = Date.now();
    while (now - (this.#deaths[0] ?? now) >= RESTART_WINDOW_MS) this.#deaths.shift();
    return this.#deaths.push(now);
  }
}
