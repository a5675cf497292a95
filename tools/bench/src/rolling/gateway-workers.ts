import { until, type Deployment } from '@parsimony/demo';
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

/** Asks on a connection of its own, which the next process in turn accepts. */
async function readyProcess(url: string): Promise<number | undefined> {
  const response = await fetch(`${url}/readyz`, { headers: { connection: 'close' } });
  const report = (await response.json()) as { readonly process?: number };
  return response.ok ? report.process : undefined;
}
