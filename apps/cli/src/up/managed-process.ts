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
  readonly onGivenUp: (reason: Error) => void;
}

const RESTARTS_AT_MOST = 5;
const RESTART_WINDOW_MS = 60_000;

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

  /** @returns the first message of the child, which says that it is ready. @throws where it ends before. */
  start(): Promise<unknown> {
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
    const now = Date.now();
    this.#deaths.push(now);
    const recent = this.#deaths.filter((at) => now - at < RESTART_WINDOW_MS).length;
    if (recent > RESTARTS_AT_MOST)
      return this.options.onGivenUp(new Error(`${reason}, for the ${recent}th time in a minute`));
    console.error(`${reason}; starting it again`);
    await delay(100 * 2 ** recent);
    if (this.#stopping) return;
    try {
      await this.start();
    } catch (error) {
      this.options.onGivenUp(new Error(`${reason}, and could not be started again`, { cause: error }));
    }
  }
}
