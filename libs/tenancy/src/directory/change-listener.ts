import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginLog } from '@parsimony/contract';
import pg from 'pg';

const CHANGES = 'parsimony_tenancy';
/** On it directories tell one another what they have taken up. */
export const HEARINGS = 'parsimony_tenancy_heard';
/** By it `pg_stat_activity` shows who listens. */
export const LISTENER = 'parsimony tenancy notices';
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

export interface ChangeListenerOptions {
  readonly url: string;
  readonly log: PluginLog;
  /** A tenant's id, or `operators`. */
  readonly onNotice: (payload: string) => void;
  /** What a directory has told on `HEARINGS`. */
  readonly onHeard: (payload: string) => void;
  /** The connection stands, perhaps again: what was announced meanwhile was not heard. */
  readonly onConnected: () => void;
}

/** Listens for changes on a connection of its own, and comes back when it breaks. */
export class ChangeListener {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private client: pg.Client | undefined;
  private listening = false;

  constructor(private readonly options: ChangeListenerOptions) {}

  get connected(): boolean {
    return this.listening;
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    // A client that is ended while it connects never settles; it looks at the signal once it has connected.
    if (this.listening) await this.client?.end();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let wait = FIRST_WAIT_MS;
    while (!signal.aborted) {
      try {
        await this.listen(() => (wait = FIRST_WAIT_MS));
      } catch (error) {
        if (signal.aborted) return;
        // The poll covers for it and says so where the database is away altogether.
        if (this.listening) this.options.log.info('no notices of changes for now', { reason: String(error) });
      }
      this.listening = false;
      // Spread out, so that all gateways do not come back in the same instant.
      await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => undefined);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }

  /** Resolves when the connection ends in order, rejects when it breaks. */
  private async listen(onConnected: () => void): Promise<void> {
    const { url, onNotice, onHeard } = this.options;
    const client = new pg.Client({
      connectionString: url,
      application_name: LISTENER,
      connectionTimeoutMillis: 3_000,
      keepAlive: true,
    });
    this.client = client;
    const ended = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.once('end', resolve);
    });
    // A connection that breaks while it is being made rejects both; only one of them is awaited then.
    ended.catch(() => undefined);
    try {
      await client.connect();
      client.on('notification', ({ channel, payload = '' }) => (channel === HEARINGS ? onHeard : onNotice)(payload));
      await client.query(`LISTEN ${CHANGES}; LISTEN ${HEARINGS}`);
      if (this.stopping.signal.aborted) return;
      this.listening = true;
      onConnected();
      this.options.onConnected();
      await ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
