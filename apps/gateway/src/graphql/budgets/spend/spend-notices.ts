import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { USAGE_CHANNEL } from '@parsimony/metering';
import type { GatewayCore } from '../../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../../host/gateway-core.token.js';
import { NoticeListener } from './notice-listener.js';

/** On which the ledger grows, the budgets service tells of events, and tenants' limits change. */
const CHANNELS = [USAGE_CHANNEL, 'parsimony_budget_events', 'parsimony_tenancy'];

/** Tells subscribers that what is spent may have changed: one listening connection for all, made for the first of them. */
@Injectable()
export class SpendNotices implements OnModuleDestroy {
  readonly #subscribers = new Set<() => void>();
  readonly #listener: NoticeListener;

  constructor(@Inject(GATEWAY_CORE) { dataSource }: GatewayCore) {
    const { options } = dataSource;
    if (options.type !== 'postgres' || options.url === undefined) throw new TypeError('not a PostgreSQL by its URL');
    this.#listener = new NoticeListener({
      url: options.url,
      channels: CHANNELS,
      onNotice: () => {
        for (const subscriber of this.#subscribers) subscriber();
      },
    });
  }

  /** Where it is not, subscribers must look by themselves. */
  get connected(): boolean {
    return this.#listener.connected;
  }

  /** @returns what ends it. */
  subscribe(onNotice: () => void): () => void {
    this.#subscribers.add(onNotice);
    this.#listener.start();
    return () => void this.#subscribers.delete(onNotice);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#listener.stop();
  }
}
