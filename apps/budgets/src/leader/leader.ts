import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@parsimony/telemetry';
import pg from 'pg';

/** Any number, as long as it is the same in all instances and nothing else of ours takes it. */
const LOCK = 7_281_404_518;
/** Whoever writes to the ledger tells of it. */
const CHANNEL = 'parsimony_usage';
const PATIENCE_MS = 5_000;
/** Between two rounds, however often the ledger is written to. */
const PAUSE_MS = 50;

export interface LeaderOptions {
  readonly url: string;
  readonly logger: Logger;
  /** How often who does not lead tries to, and the longest pause between two rounds of who does. */
  readonly everyMs: number;
  /** A round of the leader's work. */
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/**
 * One of the instances on a database leads: that one whose connection holds the advisory lock. With the connection the
 * lock is gone, be it cut or the process killed, and another instance takes it.
 */
export class Leader implements AsyncDisposable {
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #leads = false;

  constructor(private readonly options: LeaderOptions) {
    this.#running = this.#run();
  }

  get leads(): boolean {
    return this.#leads;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { logger, everyMs } = this.options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#stand();
      } catch (error) {
        if (this.#leads) logger.warn({ error }, 'this instance leads no longer');
      }
      this.#leads = false;
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Waits for the lead and holds it, as long as the connection lasts. */
  async #stand(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: 'parsimony budgets leader',
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', () => lost.abort());
    client.on('end', () => lost.abort());
    try {
      await client.connect();
      await this.#follow(client, lost.signal);
      await this.#lead(client, lost.signal);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async #follow(client: pg.Client, lost: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([lost, this.#stopping.signal]);
    while (!signal.aborted) {
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK]);
      if (rows[0]?.taken) return;
      await sleep(this.options.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #lead(client: pg.Client, lost: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([lost, this.#stopping.signal]);
    if (signal.aborted) return;
    let wake = (): void => undefined;
    client.on('notification', () => wake());
    await client.query(`LISTEN ${CHANNEL}`);
    this.#leads = true;
    this.options.logger.info({}, 'this instance leads');
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      await this.options.work(signal);
      const idle = sleep(this.options.everyMs, undefined, { signal }).catch(() => undefined);
      await Promise.race([woken, idle]);
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      // A connection that fell silent may have lost the lock without a word.
      if (!signal.aborted) await client.query('SELECT 1');
    }
  }
}
