import { fork, type ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isolatedVariables, OutputTail, until } from '@parsimony/demo';

const GATEWAY = fileURLToPath(new URL('../../../../apps/gateway/dist/main.js', import.meta.url));
/** As `parsimony up` starts it. */
const FLAGS = ['--max-semi-space-size=32'];
const STOP_MS = 60_000;
const REPLAYED_MS = 60_000;
const OWNER = /^(.+)\.owner$/;

/** A gateway of its own folder, beside others on one database. It can be killed, and started again on what it left. */
export class GatewayProcess {
  #child: ChildProcess | undefined;
  #url: string | undefined;

  constructor(
    private readonly home: string,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  /** @throws Error where it does not run. */
  get url(): string {
    if (this.#url === undefined) throw new Error('the gateway does not run');
    return this.#url;
  }

  get runs(): boolean {
    return this.#url !== undefined;
  }

  /** @throws Error with its last output where it ends before it is ready. */
  private async start(): Promise<void> {
    const child = fork(GATEWAY, {
      env: isolatedVariables(process.env, {
        PORT: '0',
        PARSIMONY_HOME: this.home,
        PARSIMONY_LOG_LEVEL: 'warn',
        ...this.variables,
      }),
      execArgv: FLAGS,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A Ctrl-C of the terminal is ours to pass on.
      detached: true,
    });
    this.#child = child;
    const output = new OutputTail(child.stdout, child.stderr);
    this.#url = await new Promise<string>((resolve, reject) => {
      child.once('message', (message) => resolve((message as { readonly url: string }).url));
      child.once('exit', (code, signal) =>
        reject(new Error(`a gateway ended with ${signal ?? code} before it was ready:\n${output.text}`)),
      );
    });
  }

  /** As a power cut does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** In order: its journal goes to the ledger, its leases go back. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_MS);
    await this.#end('SIGTERM');
    clearTimeout(timer);
  }

  /** Starts it and waits until the journals of those that were killed in its folder are in the ledger. */
  async startOnWhatItLeft(): Promise<void> {
    const left = await this.#journals();
    await this.start();
    await until(
      async () => {
        const present = await this.#journals();
        return left.every((journal) => !present.includes(journal)) || undefined;
      },
      { what: 'the journal of a killed gateway to be in the ledger', timeoutMs: REPLAYED_MS },
    );
  }

  /** Instances of processes that claimed a journal and have not let it go. */
  async #journals(): Promise<string[]> {
    const names = await readdir(join(this.home, 'journal')).catch(() => []);
    return names.flatMap((name) => OWNER.exec(name)?.[1] ?? []);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#url = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
