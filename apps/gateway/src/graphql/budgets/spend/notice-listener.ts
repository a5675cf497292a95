import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;
const CONNECT_PATIENCE_MS = 3_000;

export interface NoticeListenerOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  readonly channels: readonly string[];
  /** Something was announced, or the connection came or broke, so that something may have been missed. */
  readonly onNotice: () => void;
}

/** Hears what PostgreSQL announces, on a connection of its own, and comes back when it breaks. */
export class NoticeListener {
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #client: Client | undefined;
  #connected = false;

  constructor(private readonly options: NoticeListenerOptions) {}

  get connected(): boolean {
    return this.#connected;
  }

  /** Doing it again changes nothing. */
  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    // A client that is ended while it connects never settles; it looks at the signal once it has connected.
    if (this.#connected) await this.#client?.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let wait = FIRST_WAIT_MS;
    while (!signal.aborted) {
      const heard = await this.#listen();
      wait = heard ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      // Spread out, so that all gateways do not come back in the same instant.
      await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** @returns when the connection has ended: whether there was one. */
  async #listen(): Promise<boolean> {
    const { url, channels, onNotice } = this.options;
    const client = new Client({
      connectionString: url,
      application_name: 'parsimony spend notices',
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      keepAlive: true,
    });
    this.#client = client;
    const ended = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.once('end', resolve);
    });
    try {
      await client.connect();
      client.on('notification', onNotice);
      for (const channel of channels) await client.query(`LISTEN ${channel}`);
      if (this.#stopping.signal.aborted) return true;
      this.#connected = true;
      onNotice();
      await ended;
      return true;
    } catch {
      // Whoever waits for notices looks by itself meanwhile, and says so where the database is away altogether.
      return false;
    } finally {
      this.#connected = false;
      onNotice();
      await client.end().catch(() => undefined);
    }
  }
}
