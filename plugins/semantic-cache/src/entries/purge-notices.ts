import { randomUUID } from 'node:crypto';
import type { PluginDatabase, PurgeRequest } from '@parsimony/contract';

const CHANNEL = 'purge';
const LONGEST_NOTICE_BYTES = 6_000;

interface Notice {
  readonly from: string;
  readonly tenantId: string;
  readonly request: PurgeRequest;
}

/** Tells the gateways what was purged. */
export class PurgeNotices implements Disposable {
  /** A gateway must not hear itself: what it has kept since its purge would go as well. */
  readonly #self = randomUUID();
  readonly #listening: Disposable;

  /**
   * @param heard what another gateway has purged.
   * @param missed notices may have been lost.
   */
  constructor(
    private readonly database: PluginDatabase,
    heard: (tenantId: string, request: PurgeRequest) => void,
    missed: () => void,
  ) {
    this.#listening = database.listen(CHANNEL, (payload) => {
      if (payload === null) {
        missed();
        return;
      }
      const { from, tenantId, request } = JSON.parse(payload) as Notice;
      if (from !== this.#self) heard(tenantId, request);
    });
  }

  /** @throws DatabaseUnavailable */
  async tell(tenantId: string, request: PurgeRequest): Promise<void> {
    const payload = JSON.stringify({ from: this.#self, tenantId, request } satisfies Notice);
    if (Buffer.byteLength(payload) <= LONGEST_NOTICE_BYTES) return this.database.notify(CHANNEL, payload);
    // Without the text, that is too long for a notice, more is forgotten than was meant, and never less.
    const { promptContains: _, ...wider } = request;
    return this.database.notify(
      CHANNEL,
      JSON.stringify({ from: this.#self, tenantId, request: wider } satisfies Notice),
    );
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }
}
