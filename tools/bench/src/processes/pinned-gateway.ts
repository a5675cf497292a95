import { Deployment } from '@parsimony/demo';
import { chatRequest } from '../load/chat-request.js';
import type { LeanRequest } from '../load/lean-call.js';
import { MEASURED_DOCUMENT } from '../load/tenant-document.js';
import { pinTo } from '../system/affinity.js';
import { cpuSeconds } from '../system/cpu-time.js';
import { parentOf, processTree } from '../system/process-tree.js';
import type { LoadGenerator, LoadResult } from './load-result.js';

const MICROSECONDS = 1e6;

export interface PinnedRun extends LoadResult {
  /** CPU of all gateway processes per call, in microseconds. */
  readonly cpu: number;
}

/** A deployment that lives on certain cores with everything that it starts: gateway processes and database. */
export class PinnedGateway implements AsyncDisposable {
  private constructor(
    readonly cores: string,
    private readonly deployment: Deployment,
    private readonly request: LeanRequest,
  ) {}

  /** @param cores as taskset(1) takes them, such as `0,1`. */
  static async start(upstreamUrl: string, processes: number, cores: string): Promise<PinnedGateway> {
    const deployment = await Deployment.start({
      OPENAI_BASE_URL: `${upstreamUrl}/v1`,
      OPENAI_API_KEY: 'sk-upstream',
      PARSIMONY_PROCESSES: String(processes),
    });
    try {
      const tenant = await deployment.createTenant('processes', MEASURED_DOCUMENT);
      await pinTo(cores, processTree(parentOf(deployment.gatewayPid())));
      return new PinnedGateway(cores, deployment, chatRequest(tenant.key, false));
    } catch (error) {
      await deployment[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Puts it under load, together with this process, the upstream in it and the load generator, on the same cores. */
  async run(
    generate: LoadGenerator,
    { connections, seconds }: { readonly connections: number; readonly seconds: number },
    signal: AbortSignal,
  ): Promise<PinnedRun> {
    await pinTo(this.cores, [process.pid]);
    const { url } = this.deployment;
    const gateways = processTree(this.deployment.gatewayPid());
    const before = cpuSeconds(gateways);
    const result = await generate({ url, request: this.request, connections, seconds }, signal);
    return { ...result, cpu: ((cpuSeconds(gateways) - before) * MICROSECONDS) / result.calls };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.deployment[Symbol.asyncDispose]();
  }
}
