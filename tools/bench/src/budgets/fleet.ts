import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginLog } from '@parsimony/contract';
import { Deployment } from '@parsimony/demo';
import { startEmbeddedPostgres } from '@parsimony/persistence';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { GatewayProcess } from './gateway-process.js';

const LOG: PluginLog = {
  info: () => undefined,
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
};

/** Several gateways, each with a folder of its own, on one database with one budgets service and one provider. */
export class Fleet implements AsyncDisposable {
  private constructor(
    /** The first gateway, which is never killed, and the budgets service: `parsimony up`. */
    readonly deployment: Deployment,
    readonly provider: Simulator,
    /** The other gateways. */
    readonly others: readonly GatewayProcess[],
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** @param gateways at least one. */
  static async start(gateways: number): Promise<Fleet> {
    await using opening = new AsyncDisposableStack();
    const home = await mkdtemp(join(tmpdir(), 'parsimony-fleet-'));
    opening.defer(() => rm(home, { recursive: true, force: true }));
    // PostgreSQL runs as another user where we are root, and must be able to walk this path.
    await chmod(home, 0o755);
    const postgres = await startEmbeddedPostgres({ dataDirectory: join(home, 'postgres'), log: LOG });
    opening.defer(() => postgres.stop());
    const provider = opening.use(await startSimulator());
    const shared = {
      DATABASE_URL: postgres.url,
      PARSIMONY_SERVICE_TOKEN: randomBytes(32).toString('base64url'),
      OPENAI_BASE_URL: `${provider.url}/v1`,
      OPENAI_API_KEY: 'sk-simulator',
    };
    const deployment = opening.use(await Deployment.start(shared));
    const variables = { ...shared, PARSIMONY_BUDGETS_URL: deployment.budgetsUrl };
    const others = Array.from(
      { length: gateways - 1 },
      (_, index) => new GatewayProcess(join(home, `gateway-${index}`), variables),
    );
    opening.defer(async () => void (await Promise.all(others.map((gateway) => gateway.stop()))));
    return new Fleet(deployment, provider, others, opening.move());
  }

  /** Addresses of all gateways that run. */
  get urls(): string[] {
    const { deployment, others } = this;
    return [deployment.url, ...others.filter(({ runs }) => runs).map(({ url }) => url)];
  }

  /** Starts the gateways that do not run. What those that were killed left behind is in the ledger afterwards. */
  async startAll(): Promise<void> {
    await Promise.all(this.others.filter(({ runs }) => !runs).map((gateway) => gateway.startOnWhatItLeft()));
  }

  /** Stops all but the first gateway in order and waits until the ledger has every call of the first one too. */
  async settle(): Promise<void> {
    await Promise.all(this.others.map((gateway) => gateway.stop()));
    await this.deployment.settled();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }
}
