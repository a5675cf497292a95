import type { AddressGuard } from '@parsimony/network';
import { Pool } from 'undici';
import type { ProviderTimeouts } from '../config/provider-config.js';

export interface PoolOptions {
  readonly connections?: number | undefined;
  readonly timeouts?: ProviderTimeouts | undefined;
  /** A trusted pool may lead to private addresses. */
  readonly trusted: boolean;
}

const DEFAULT_CONNECTIONS = 512;
const DEFAULT_CONNECT_MS = 10_000;
const DEFAULT_SILENCE_MS = 300_000;

/**
 * The sockets of a process, shared by all providers at one origin. A provider owns none, so that a tenant whose
 * credential nobody uses costs none.
 */
export class ConnectionPools implements AsyncDisposable {
  readonly #pools = new Map<string, Pool>();
  #closed = false;

  constructor(private readonly guard: AddressGuard) {}

  /**
   * @param origin such as `https://api.openai.com`.
   * @throws AddressNotAllowed where the origin is a forbidden address itself: no resolver would be asked about it.
   */
  open(origin: string, { connections = DEFAULT_CONNECTIONS, timeouts = {}, trusted }: PoolOptions): Pool {
    const { connectMs = DEFAULT_CONNECT_MS, firstByteMs = DEFAULT_SILENCE_MS } = timeouts;
    const { betweenBytesMs = DEFAULT_SILENCE_MS } = timeouts;
    const key = [origin, connections, connectMs, firstByteMs, betweenBytesMs, trusted].join(' ');
    const open = this.#pools.get(key);
    if (open) return open;
    if (!trusted) this.guard.checkUrl(origin, 'baseUrl');
    const pool = new Pool(origin, {
      connections,
      pipelining: 1,
      connect: trusted ? { timeout: connectMs } : { timeout: connectMs, lookup: this.guard.guardedLookup },
      // Where both are one value undici moves one timer along; else it makes two a call.
      headersTimeout: firstByteMs,
      bodyTimeout: betweenBytesMs,
    });
    // A pool that is opened while the host stops would outlive it.
    if (this.#closed) void pool.destroy();
    this.#pools.set(key, pool);
    return pool;
  }

  /** Ends every request that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#pools.values(), (pool) => pool.destroy()));
  }
}
