import type { HeldLease } from './held-lease.js';
import type { LeaseTiming } from './lease-timing.js';
import type { Opening } from './opening.js';

/**
 * Milliseconds until the budgets service should hear of a lease, below zero where it is late; infinite: it need not.
 *
 * @param isWanted calls will take from it.
 */
export function leaseDueIn(lease: HeldLease, isWanted: boolean, timing: LeaseTiming, now: number): number {
  const { shortEveryMs, renewEveryMs, keepEveryMs } = timing;
  const age = now - lease.askedAt;
  const waiting = lease.waiting.sum;
  if (waiting > 0n && !lease.covers(waiting, now)) return lease.pressed ? 0 : shortEveryMs - age;
  if (lease.shortElsewhere && lease.free > 0n) return shortEveryMs - age;
  if (lease.refusedAt > lease.askedAt) return renewEveryMs / 2 - age;
  if (lease.changed || (lease.free > 0n && !isWanted)) return renewEveryMs - age;
  return isWanted ? Math.max(shortEveryMs, Math.min(keepEveryMs, lease.lastsMs / 3)) - age : Infinity;
}

/** The same of a period that is not known yet. */
export function openingDueIn(opening: Opening, { shortEveryMs, renewEveryMs }: LeaseTiming, now: number): number {
  const { pressed, waiting, uncovered, unheard, askedAt } = opening;
  if (pressed) return 0;
  if (waiting.sum > 0n) return shortEveryMs - (now - askedAt);
  return uncovered || unheard ? renewEveryMs - (now - askedAt) : Infinity;
}
