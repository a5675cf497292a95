import type { Configuration } from '../configuration.js';
import type { Entry } from '../entries/index.js';

const HOUR_MS = 3_600_000;

/** @param createdAt milliseconds since the Unix epoch. */
export function expiryOf(createdAt: number, { ttlHours }: Pick<Configuration, 'ttlHours'>): number {
  return Math.round(createdAt + ttlHours * HOUR_MS);
}

/** Until when an entry may be served, milliseconds since the Unix epoch: the tenant may have shortened the time since. */
export function holdsUntil({ createdAt, expiresAt }: Entry, rules: Pick<Configuration, 'ttlHours'>): number {
  return Math.min(expiresAt, expiryOf(createdAt, rules));
}
