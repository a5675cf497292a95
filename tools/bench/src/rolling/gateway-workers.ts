import { until, type Deployment } from '@parsimony/demo';
import { Client } from 'undici';
import { childrenOf } from '../system/process-tree.js';

const GONE_MS = 60_000;
const READY_MS = 60_000;

/** The gateway processes of a deployment that has several. */
export class GatewayWorkers {
  readonly #supervisor: number;

  constructor(
    private readonly deployment: Deployment,
    private readonly count: number,
  ) {
    this.#supervisor = deployment.gatewayPid();
  }

  pids(): number[] {
    return childrenOf(this.#supervisor);
  }

  /** Stops one as an orchestrator does, and waits until another has taken its place and says that it is ready. */
  async replace(pid: number): Promise<void> {
    process.kill(pid, 'SIGTERM');
    await until(async () => !this.pids().includes(pid) || undefined, {
      what: `gateway process ${pid} to end`,
      timeoutMs: GONE_MS,
    });
    await this.#allReady();
  }

  async #allReady(): Promise<void> {
    const ready = new Set<number>();
    await until(
      async () => {
        const process = await readyProcess(this.deployment.url);
        if (process !== undefined) ready.add(process);
        const present = this.pids();
        return (present.length === this.count && present.every((pid) => ready.has(pid))) || undefined;
      },
      { what: 'every gateway process to be ready', timeoutMs: READY_MS },
    );
  }
}

/**
 * Asks on a connection of its own, which the next process in turn accepts. One from a pool may be that of a process that
 * has just ended.
 */
async function readyProcess(url: string): Promise<number | undefined> {
  const client = new Client(url);
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path: '/readyz' });
    const report = (await body.json()) as { readonly process?: number };
    return statusCode === 200 ? report.process : undefined;
  } finally {
    await client.destroy();
  }
}
