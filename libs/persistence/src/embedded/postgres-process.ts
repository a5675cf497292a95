import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundedLog } from './bounded-log.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { readPostmasterFile } from './postmaster-file.js';
import type { SystemAccount } from './system-account.js';

/** How long a start may take: after a crash PostgreSQL first replays its log. */
const START_PATIENCE_MS = 120_000;
const STOP_PATIENCE_MS = 10_000;

export interface LaunchOptions {
  readonly directory: string;
  readonly binaries: PostgresBinaries;
  readonly account: SystemAccount | undefined;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: BoundedLog;
}

/** A running PostgreSQL server. */
export class PostgresProcess {
  readonly pid: number;
  readonly exited: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    if (child.pid === undefined) throw new Error('PostgreSQL could not be started');
    this.pid = child.pid;
    this.exited = once(child, 'exit');
    child.unref();
  }

  /** @throws Error with the end of PostgreSQL's log where it does not come up. */
  static async launch(options: LaunchOptions): Promise<PostgresProcess> {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port: String(options.port),
      ...options.settings,
    };
    const child = spawn(
      options.binaries.postgres,
      ['-D', options.directory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...options.account,
        cwd: '/',
        // A session of its own: Ctrl-C in the terminal reaches us alone, and we stop PostgreSQL last.
        detached: true,
        stdio: ['ignore', options.log.descriptor, options.log.descriptor],
        // Nothing else: our environment holds provider keys, which PostgreSQL's user could read in /proc.
        env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      },
    );
    child.on('error', () => undefined); // A spawn that failed has no pid, which the constructor reports.
    const server = new PostgresProcess(child);
    await server.untilReady(options);
    return server;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Fast shutdown (sessions are cut, data is written), then, where that takes too long, immediate shutdown. */
  async stop(): Promise<void> {
    this.child.ref(); // Otherwise a process with nothing else to do would end before PostgreSQL has.
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (!this.running) return;
      this.child.kill(signal);
      await Promise.race([this.exited, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
    }
  }

  private async untilReady({ directory, log }: LaunchOptions): Promise<void> {
    const deadline = Date.now() + START_PATIENCE_MS;
    while (this.running && Date.now() < deadline) {
      const postmaster = await readPostmasterFile(directory);
      if (postmaster?.pid === this.pid && postmaster.ready) return;
      await sleep(15);
    }
    const reason = this.running ? 'did not become ready' : 'stopped while it started';
    await this.stop();
    throw new Error(`PostgreSQL ${reason}; the end of its log:\n${await log.tail(15)}`);
  }
}
