import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginLog } from '@parsimony/contract';
import { throughDatabase } from '@parsimony/persistence';
import type { DataSource } from 'typeorm';
import type { DocumentRules } from '../document/parse-tenant-document.js';
import type { Principal } from '../role.js';
import { isUuid, newId } from '../uuid.js';
import { ChangeListener } from './change-listener.js';
import { DirectoryReader } from './directory-reader.js';
import type { TenantRecord } from './directory-reader.js';
import { Hearings } from './hearings.js';
import { KeyRing } from './key-ring.js';
import { viewTenant } from './tenant-view.js';
import type { TenantView } from './tenant-view.js';

const POLL_EVERY_MS = 1_000;
/** A directory that has not heard of a change by then hears of it by its poll, or is no more. */
const HEARING_MS = 2_000;

export interface TenantDirectoryOptions<Prices> {
  readonly dataSource: DataSource;
  /** For the connection that listens. */
  readonly url: string;
  readonly rules: DocumentRules<Prices>;
  readonly log: PluginLog;
}

/**
 * Tenants, teams, documents and keys in memory, so that the hot path asks no database. A change is seen by a notice, or
 * else by the next poll: within two seconds. While the database is away, what was last seen holds.
 */
export class TenantDirectory<Prices = unknown> {
  private readonly reader: DirectoryReader;
  private readonly listener: ChangeListener;
  private readonly hearings = new Hearings();
  private readonly instance = newId();
  private readonly keys = new KeyRing();
  private readonly views = new Map<string, TenantView<Prices>>();
  private readonly listeners = new Set<(tenantId: string) => void>();
  private readonly announced = new Set<string>();
  private readonly stopping = new AbortController();
  private lastChange = '-infinity';
  private databaseAway = false;
  /** Refreshes run one after another: an older reading must never overwrite a newer one. */
  private refreshing: Promise<void> = Promise.resolve();
  private polling: Promise<void> | undefined;

  constructor(private readonly options: TenantDirectoryOptions<Prices>) {
    this.reader = new DirectoryReader(options.dataSource);
    this.listener = new ChangeListener({
      url: options.url,
      log: options.log,
      onNotice: (payload) => this.notice(payload),
      onHeard: (payload) => this.hearings.note(payload),
      onConnected: () => void this.inTurn(() => this.poll()),
    });
  }

  /** Loads everything and begins to follow changes. @throws DatabaseUnavailable */
  async start(): Promise<void> {
    await throughDatabase(async () => {
      this.keys.setOperators(await this.reader.operators());
      await this.apply(await this.reader.tenants());
    });
    this.listener.start();
    this.polling = this.keepPolling();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.listener.stop();
    await this.polling;
    await this.refreshing;
  }

  /** The bearer of a key; undefined where the key is unknown, revoked or expired, of which `authenticate` tells. */
  findKey(secret: string): Principal | undefined {
    return this.keys.find(secret);
  }

  /** The bearer of a key. @throws InvalidApiKey that says what is wrong with it. */
  authenticate(secret: string): Principal {
    const principal = this.keys.find(secret);
    if (!principal) throw this.keys.refusal(secret);
    return principal;
  }

  tenant(id: string): TenantView<Prices> | undefined {
    return this.views.get(id);
  }

  tenants(): IterableIterator<TenantView<Prices>> {
    return this.views.values();
  }

  /**
   * Changes something of a tenant, and waits until every gateway has taken it up, two seconds at most: a cap would else
   * not hold at once where its caller believes it to.
   *
   * @throws what the change throws.
   */
  everywhere<Result>(tenantId: string, change: () => Promise<Result>): Promise<Result> {
    return this.hearings.during(tenantId, async (hearing) => {
      const result = await change();
      // What is changed is changed; that this cannot be waited for is no reason to say otherwise.
      const audience = this.listener.connected
        ? await this.reader.audience(tenantId).catch(() => undefined)
        : undefined;
      if (audience) await hearing.until(audience.changedAt, audience.directories, HEARING_MS);
      return result;
    });
  }

  /** Calls back after anything of a tenant changed here. @returns what ends it. */
  onChange(listener: (tenantId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** For health and metrics. */
  get status(): { readonly databaseAway: boolean; readonly listening: boolean; readonly tenants: number } {
    return { databaseAway: this.databaseAway, listening: this.listener.connected, tenants: this.views.size };
  }

  private notice(payload: string): void {
    if (!isUuid(payload)) {
      void this.inTurn(() => this.poll());
      return;
    }
    // A burst of notices is one refresh: whatever is announced before its turn comes goes with it.
    this.announced.add(payload);
    if (this.announced.size > 1) return;
    void this.inTurn(() => {
      const ids = [...this.announced];
      this.announced.clear();
      return this.refresh(ids);
    });
  }

  private async keepPolling(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await sleep(POLL_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.inTurn(() => this.poll());
    }
  }

  /** Runs after the refreshes that were asked for before; one that fails is made up for by the next poll. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.refreshing = this.refreshing.then(work).then(
      () => this.noteDatabase(false),
      (error: unknown) => this.noteDatabase(true, error),
    );
    return this.refreshing;
  }

  private async poll(): Promise<void> {
    this.keys.setOperators(await this.reader.operators());
    const changed = await this.reader.changedSince(this.lastChange);
    const news = changed.filter(({ id, changedAt }) => this.views.get(id)?.changedAt !== changedAt);
    if (news.length > 0) await this.refresh(news.map(({ id }) => id));
  }

  private async refresh(ids: readonly string[]): Promise<void> {
    const records = await this.reader.tenants(ids);
    await this.apply(records);
    const present = new Set(records.map(({ id }) => id));
    for (const id of ids.filter((wanted) => !present.has(wanted))) this.forget(id);
    const directory = this.instance;
    if (records.length > 0)
      await this.reader.tell(records.map(({ id: tenantId, changedAt }) => ({ directory, tenantId, changedAt })));
  }

  private async apply(records: readonly TenantRecord[]): Promise<void> {
    for (const record of records) {
      const former = this.views.get(record.id);
      const view = await viewTenant(record, former, this.options.rules);
      this.views.set(record.id, view);
      this.keys.setTenant(record.id, record.keys);
      if (record.changedAt > this.lastChange) this.lastChange = record.changedAt;
      if (view.problem !== null && view.problem !== former?.problem) {
        this.options.log.warn('a tenant document does not hold here', { tenantId: view.id, problem: view.problem });
      }
      this.tell(record.id);
    }
  }

  private forget(id: string): void {
    if (!this.views.delete(id)) return;
    this.keys.setTenant(id, []);
    this.tell(id);
  }

  private tell(tenantId: string): void {
    for (const listener of this.listeners) {
      try {
        listener(tenantId);
      } catch (error) {
        this.options.log.error('a listener to tenant changes broke', { reason: String(error) });
      }
    }
  }

  private noteDatabase(away: boolean, error?: unknown): void {
    if (away === this.databaseAway) return;
    this.databaseAway = away;
    if (away) this.options.log.warn('tenants cannot be refreshed; what is known holds', { reason: String(error) });
    else this.options.log.info('tenants are refreshed again');
  }
}
