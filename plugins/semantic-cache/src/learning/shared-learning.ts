import type { PluginDatabase, PluginLog } from '@parsimony/contract';
import { ObservationLog, type Lesson } from './observation-log.js';
import { QualityCounters } from './quality-counters.js';
import { TenantVerifiers } from './tenant-verifiers.js';
import { VerifierSnapshots } from './verifier-snapshots.js';

const CHANNEL = 'learnt';

/** How long lessons wait for company before they are appended. */
const APPEND_AFTER_MS = 50;
const POLL_EVERY_MS = 1_000;

/** Lessons that wait while the database is away; beyond, the oldest go. */
const MOST_PENDING = 10_000;

/** A tenant who has asked nothing for so long is forgotten here; what was learnt stays in PostgreSQL. */
const FORGET_AFTER_MS = 30 * 60_000;

interface Pending {
  readonly tenantId: string;
  readonly lesson: Lesson;
}

/** What all gateways have learnt together: each appends what it learns to PostgreSQL, and folds what all have appended. */
export class SharedLearning implements AsyncDisposable {
  readonly quality: QualityCounters;
  readonly #log: ObservationLog;
  readonly #snapshots: VerifierSnapshots;
  readonly #tenants = new Map<string, TenantVerifiers>();
  readonly #poll: NodeJS.Timeout;
  readonly #ear: Disposable;
  #pending: Pending[] = [];
  #appending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #maintaining: Promise<void> | undefined;
  #failing = false;
  /** Lessons that were lost. */
  dropped = 0;

  constructor(
    private readonly database: PluginDatabase,
    private readonly messages: PluginLog,
  ) {
    this.quality = new QualityCounters(database);
    this.#log = new ObservationLog(database);
    this.#snapshots = new VerifierSnapshots(database);
    this.#ear = database.listen(CHANNEL, (tenantId) => this.#heard(tenantId));
    this.#poll = setInterval(() => void (this.#maintaining ??= this.#maintain()), POLL_EVERY_MS);
    this.#poll.unref();
  }

  /** The tenant's verifiers, ready for use. @throws DatabaseUnavailable */
  async of(tenantId: string): Promise<TenantVerifiers> {
    let tenant = this.#tenants.get(tenantId);
    if (!tenant) this.#tenants.set(tenantId, (tenant = new TenantVerifiers(tenantId, this.#log, this.#snapshots)));
    await tenant.ready();
    return tenant;
  }

  /** Shares a lesson with all gateways, soon. */
  learn(tenantId: string, lesson: Lesson): void {
    if (this.#pending.length >= MOST_PENDING) {
      this.#pending.shift();
      this.dropped += 1;
    }
    this.#pending.push({ tenantId, lesson });
    this.#timer ??= setTimeout(() => void this.#append(), APPEND_AFTER_MS);
  }

  /** Resolves when what was learnt here is shared, as far as the database can be reached. */
  async settle(): Promise<void> {
    await this.#appending;
    await this.#append();
    await this.#attempt(() => this.quality.flush());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#poll);
    this.#ear[Symbol.dispose]();
    await this.#maintaining;
    await this.settle();
    for (const tenant of this.#tenants.values()) await this.#attempt(() => tenant.save(1));
  }

  async #append(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await (this.#appending ??= this.#appendAll().finally(() => (this.#appending = undefined)));
  }

  async #appendAll(): Promise<void> {
    const taken = this.#pending;
    this.#pending = [];
    const left: Pending[] = [];
    for (const [tenantId, lessons] of byTenant(taken)) {
      if (await this.#attempt(() => this.#log.append(tenantId, lessons)))
        await this.#attempt(() => this.#tell(tenantId));
      else left.push(...lessons.map((lesson) => ({ tenantId, lesson })));
    }
    // The poll comes back to them.
    this.#pending = [...left, ...this.#pending].slice(-MOST_PENDING);
  }

  async #tell(tenantId: string): Promise<void> {
    await this.database.notify(CHANNEL, tenantId);
    await this.#tenants.get(tenantId)?.refresh();
  }

  #heard(tenantId: string | null): void {
    if (tenantId === null) {
      this.#maintaining ??= this.#maintain();
      return;
    }
    const tenant = this.#tenants.get(tenantId);
    if (tenant) void this.#attempt(() => tenant.refresh());
  }

  async #maintain(): Promise<void> {
    try {
      await this.#append();
      await this.#attempt(() => this.quality.flush());
      this.#forgetIdle();
      await this.#attempt(() => this.#catchUp());
    } finally {
      this.#maintaining = undefined;
    }
  }

  async #catchUp(): Promise<void> {
    if (this.#tenants.size === 0) return;
    const last = await this.#log.lastOf([...this.#tenants.keys()]);
    for (const [tenantId, tenant] of this.#tenants) {
      if ((last.get(tenantId) ?? 0) > tenant.seq) await tenant.refresh();
      await tenant.save();
    }
  }

  #forgetIdle(): void {
    const before = Date.now() - FORGET_AFTER_MS;
    for (const [tenantId, tenant] of this.#tenants) {
      if (tenant.usedAt < before) this.#tenants.delete(tenantId);
    }
  }

  /** Says once that the database is away, and not for every lesson. */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.#failing = false;
      return true;
    } catch (error) {
      if (!this.#failing) this.messages.warn('what the semantic cache has learnt waits', { error: String(error) });
      this.#failing = true;
      return false;
    }
  }
}

function byTenant(pending: readonly Pending[]): ReadonlyMap<string, readonly Lesson[]> {
  const tenants = Map.groupBy(pending, ({ tenantId }) => tenantId);
  return new Map([...tenants].map(([tenantId, list]) => [tenantId, list.map(({ lesson }) => lesson)]));
}
