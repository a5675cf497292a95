import { Verifier } from '../verification/index.js';
import type { ObservationLog } from './observation-log.js';
import { priorOf } from './prior-of.js';
import type { VerifierSnapshots } from './verifier-snapshots.js';

const PAGE = 2_000;

/** After so many observations a snapshot is due: it can be megabytes, and to fold so many anew takes some tens of ms. */
const SNAPSHOT_EVERY = 2_000;

/**
 * What one tenant's observations have taught, as far as this process has folded them. A gateway folds its own only when
 * they come back from the log, so that all gateways fold the same ones in the same order.
 */
export class TenantVerifiers {
  #verifiers = new Map<string, Verifier>();
  #seq = 0;
  #savedSeq = 0;
  #reading: Promise<void> | undefined;
  #stale = false;
  #loaded = false;
  /** Milliseconds since the Unix epoch. */
  usedAt = Date.now();

  constructor(
    private readonly tenantId: string,
    private readonly log: ObservationLog,
    private readonly snapshots: VerifierSnapshots,
  ) {}

  /** The last observation that is folded in. */
  get seq(): number {
    return this.#seq;
  }

  /** Resolves at once after the first time. @throws DatabaseUnavailable */
  async ready(): Promise<void> {
    this.usedAt = Date.now();
    if (!this.#loaded) await this.refresh();
  }

  of(kind: string): Verifier {
    let verifier = this.#verifiers.get(kind);
    if (!verifier) this.#verifiers.set(kind, (verifier = new Verifier(priorOf(kind))));
    return verifier;
  }

  /** Folds what was appended since. @throws DatabaseUnavailable */
  async refresh(): Promise<void> {
    // What is appended while a page is being read may not be on it: read once more.
    this.#stale = true;
    while (this.#stale) await (this.#reading ??= this.#read().finally(() => (this.#reading = undefined)));
  }

  /** Saves what was learnt since the last time, where it is enough. @throws DatabaseUnavailable */
  async save(leastObservations = SNAPSHOT_EVERY): Promise<void> {
    if (this.#seq - this.#savedSeq < leastObservations) return;
    const seq = this.#seq;
    const states = Object.fromEntries([...this.#verifiers].map(([kind, verifier]) => [kind, verifier.snapshot()]));
    await this.snapshots.save(this.tenantId, { seq, states });
    this.#savedSeq = seq;
  }

  async #read(): Promise<void> {
    this.#stale = false;
    if (!this.#loaded) await this.#restore();
    for (;;) {
      const lessons = await this.log.readAfter(this.tenantId, this.#seq, PAGE);
      const [first] = lessons;
      if (!first) break;
      if (first.seq > this.#seq + 1 && (await this.#restore())) continue;
      for (const { seq, kind, observation } of lessons) {
        this.of(kind).observe(observation);
        this.#seq = seq;
      }
    }
    this.#loaded = true;
  }

  /** Begins from the snapshot where it is ahead. @returns whether it was. */
  async #restore(): Promise<boolean> {
    const { seq, states } = await this.snapshots.load(this.tenantId);
    if (seq <= this.#seq) return false;
    this.#verifiers = new Map(
      Object.entries(states).map(([kind, state]) => [kind, Verifier.restore(state, priorOf(kind))]),
    );
    this.#seq = this.#savedSeq = seq;
    return true;
  }
}
