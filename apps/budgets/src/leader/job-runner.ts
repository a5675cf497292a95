import type { Job, JobContext } from '../jobs/job.js';

/** Runs jobs one after another. One that fails is told of, and keeps no other from its work. */
export class JobRunner {
  readonly #lastRuns = new Map<Job, number>();

  constructor(
    private readonly jobs: readonly Job[],
    private readonly context: JobContext,
    private readonly failed: (job: string) => void,
  ) {}

  /** All that are due; between two of them it looks whether it is to stop. */
  async run(signal: AbortSignal): Promise<void> {
    for (const job of this.jobs) {
      if (signal.aborted) return;
      const last = this.#lastRuns.get(job);
      if (last !== undefined && performance.now() - last < job.everyMs) continue;
      this.#lastRuns.set(job, performance.now());
      await this.#runOne(job);
    }
  }

  async #runOne(job: Job): Promise<void> {
    try {
      await job.run(this.context);
    } catch (error) {
      this.failed(job.name);
      this.context.logger.error({ error, job: job.name }, 'a background job failed; it is tried again');
    }
  }
}
