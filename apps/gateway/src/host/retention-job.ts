import { runRetention } from '@parsimony/persistence';
import type { Logger } from '@parsimony/telemetry';
import type { DataSource } from 'typeorm';
import type { RetentionOptions } from './gateway-options.js';

const EVERY_MS = 3_600_000;

/** Gives up once an hour what need not be kept any longer. Several gateways may do it at once. */
export class RetentionJob implements AsyncDisposable {
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: RetentionOptions,
    private readonly logger: Logger,
  ) {
    // Spread out, so that gateways which started together do not come together.
    const everyMs = EVERY_MS * (0.9 + Math.random() / 5);
    this.#timer = setInterval(() => void (this.#running = this.#run()), everyMs).unref();
  }

  async #run(): Promise<void> {
    const { months, auditDays } = this.options;
    try {
      const report = await runRetention(this.dataSource, {
        usageMonths: months > 0 ? months : undefined,
        auditDays: auditDays > 0 ? auditDays : undefined,
      });
      this.logger.info(report, 'gave up what need not be kept');
    } catch (error) {
      this.logger.warn({ error }, 'retention could not be kept; it is tried again in an hour');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
