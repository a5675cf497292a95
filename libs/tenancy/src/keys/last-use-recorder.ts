import type { PluginLog } from '@parsimony/contract';
import type { DataSource } from 'typeorm';
import type { Principal } from '../role.js';

const FLUSH_EVERY_MS = 60_000;

/** Notes when keys were last used: in memory on the hot path, and in one statement a minute to the database. */
export class LastUseRecorder {
  private used = new Map<string, { readonly tenantId: string; at: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: PluginLog,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.flush(), FLUSH_EVERY_MS);
    this.timer.unref();
  }

  record({ keyId, tenantId }: Principal): void {
    if (tenantId === null) return;
    const known = this.used.get(keyId);
    if (known) known.at = Date.now();
    else this.used.set(keyId, { tenantId, at: Date.now() });
  }

  /** Where the database is away, the times are kept for the next time. */
  async flush(): Promise<void> {
    if (this.used.size === 0) return;
    const flushed = this.used;
    this.used = new Map();
    const entries = [...flushed];
    try {
      await this.dataSource.query(
        `UPDATE api_key SET last_used_at = greatest(last_used_at, used.at)
           FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS used (tenant_id, id, at)
          WHERE api_key.tenant_id = used.tenant_id AND api_key.id = used.id`,
        [
          entries.map(([, { tenantId }]) => tenantId),
          entries.map(([keyId]) => keyId),
          entries.map(([, { at }]) => new Date(at)),
        ],
      );
    } catch (error) {
      this.log.warn('the last use of keys could not be written yet', { reason: String(error) });
      for (const [keyId, use] of flushed) if (!this.used.has(keyId)) this.used.set(keyId, use);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.flush();
  }
}
