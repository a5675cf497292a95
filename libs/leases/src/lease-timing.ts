/** How a process keeps its leases; all in milliseconds. */
export interface LeaseTiming {
  /** Between two exchanges about a lease that changed. What was heard within it counts as fresh. */
  readonly renewEveryMs: number;
  /** The same while somebody waits. */
  readonly shortEveryMs: number;
  /** Between two exchanges about a lease in use that did not change: so long others wait for what is idle of it. */
  readonly keepEveryMs: number;
  /** How long the budgets service may take to answer. */
  readonly requestTimeoutMs: number;
  /** A lease that was not used for so long is given back. */
  readonly idleMs: number;
  /** A lease is to last for so much demand. */
  readonly horizonMs: number;
  /** So long before a period ends the next one's lease is asked for. */
  readonly prefetchMs: number;
  /** A call that began before its period ended may still take money from it for so long after its last use. */
  readonly lingerMs: number;
}

export const LEASE_TIMING: LeaseTiming = {
  renewEveryMs: 1000,
  shortEveryMs: 75,
  keepEveryMs: 3000,
  requestTimeoutMs: 2000,
  idleMs: 30_000,
  horizonMs: 10_000,
  prefetchMs: 5000,
  lingerMs: 20 * 60_000,
};
