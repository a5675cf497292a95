import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginLog } from '@parsimony/contract';
import pg from 'pg';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;
const CONNECT_PATIENCE_MS = 3_000;

/** Hears a notice's payload; null: from now on it hears, and what was said before may have been missed. */
export type NoticeHeard = (payload: string | null) => void;

export interface NoticeListenerOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly log: PluginLog;
}

/**
 * Hears what PostgreSQL announces on any number of channels, on one connection of its own that it makes with the first
 * channel, and comes back when it breaks.
 */
export class NoticeListener implements AsyncDisposable {
  readonly #stopping = new AbortController();
  readonly #channels = new Map<string, Set<NoticeHeard>>();
  #running: Promise<void> | undefined;
  #client: pg.Client | undefined;
  /** The last statement: a client takes one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: NoticeListenerOptions) {}

  /** Whether it hears at the moment. */
  get connected(): boolean {
    return this.#client !== undefined;
  }

  /**
   * @param channel as `pg_notify` takes it, up to 63 bytes.
   * @returns what ends it.
   */
  listen(channel: string, heard: NoticeHeard): Disposable {
    const others = this.#channels.get(channel);
    if (others) others.add(heard);
    else this.#channels.set(channel, new Set([heard]));
    if (!this.#running) this.#running = this.#run();
    else if (this.#client) void this.#begin(this.#client, channel, [heard]);
    return { [Symbol.dispose]: () => this.#forget(channel, heard) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    // A client that is ended while it connects never settles; it looks at the signal once it has connected.
    await this.#client?.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let wait = FIRST_WAIT_MS;
    while (!signal.aborted) {
      const wasConnected = await this.#connect();
      wait = wasConnected ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      // Spread out, so that all processes do not come back in the same instant.
      await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** @returns when the connection has ended: whether there was one. */
  async #connect(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: this.options.applicationName,
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.once('end', resolve);
    });
    client.on('notification', ({ channel, payload = '' }) => this.#tell(this.#channels.get(channel) ?? [], payload));
    try {
      await client.connect();
      if (this.#stopping.signal.aborted) return true;
      this.#client = client;
      for (const [channel, heard] of this.#channels) void this.#begin(client, channel, heard);
      await ended;
      return true;
    } catch {
      // Whoever waits for notices looks by itself meanwhile, and says so where the database is away altogether.
      return false;
    } finally {
      this.#client = undefined;
      await client.end().catch(() => undefined);
    }
  }

  async #begin(client: pg.Client, channel: string, heard: Iterable<NoticeHeard>): Promise<void> {
    try {
      await this.#say(client, `LISTEN ${client.escapeIdentifier(channel)}`);
      this.#tell(heard, null);
    } catch (error) {
      if (client !== this.#client) return;
      this.options.log.warn('a channel cannot be listened to; the connection is made anew', {
        channel,
        reason: String(error),
      });
      await client.end().catch(() => undefined);
    }
  }

  #forget(channel: string, heard: NoticeHeard): void {
    const all = this.#channels.get(channel);
    if (!all?.delete(heard) || all.size > 0) return;
    this.#channels.delete(channel);
    const client = this.#client;
    if (client) this.#say(client, `UNLISTEN ${client.escapeIdentifier(channel)}`).catch(() => undefined);
  }

  #say(client: pg.Client, statement: string): Promise<unknown> {
    const said = this.#last.then(() => client.query(statement));
    this.#last = said.catch(() => undefined);
    return said;
  }

  #tell(all: Iterable<NoticeHeard>, payload: string | null): void {
    for (const heard of [...all]) {
      try {
        heard(payload);
      } catch (error) {
        // Thrown on, it would end the process.
        this.options.log.error('a notice met a defect', { reason: String(error) });
      }
    }
  }
}
