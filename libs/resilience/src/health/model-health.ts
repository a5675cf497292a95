import { Circuit, type Admission, type CircuitLimits, type CircuitName } from './circuit.js';
import { UnderWay, type UnderWayEntry } from './under-way.js';

/** How an attempt ended, as far as health and metrics care. */
export type AttemptOutcome =
  | 'ok'
  | 'failed'
  | 'rateLimited'
  /** The provider did not like the request, or the credential. */
  | 'refused'
  /** Nothing was learnt: the caller left, its deadline passed, or the money did not suffice. */
  | 'inconclusive';

/** Why an attempt was not made. */
export type Rejection = 'busy' | 'unavailable';

export type AttemptCounts = Readonly<Record<AttemptOutcome | Rejection, number>>;

/** What passive signals say of one model at one provider. */
export class ModelHealth {
  readonly counts = { ok: 0, failed: 0, rateLimited: 0, refused: 0, inconclusive: 0, busy: 0, unavailable: 0 };
  /** Attempts that were made because an earlier one of the same call had failed. */
  retries = 0;
  fallbacks = 0;
  /** Made when something first fails: names that callers make up mostly name nothing. */
  #circuit: Circuit | undefined;
  readonly #underWay = new UnderWay();
  #coolingUntil = 0;

  constructor(private readonly limits: CircuitLimits) {}

  get circuit(): CircuitName {
    return this.#circuit?.state ?? 'closed';
  }

  get failureShare(): number {
    return this.#circuit?.failureShare ?? 0;
  }

  /** Until when the provider asked to be left alone; milliseconds since the Unix epoch, 0 for not at all. */
  get coolingUntil(): number {
    if (this.#coolingUntil !== 0 && this.#coolingUntil <= Date.now()) this.#coolingUntil = 0;
    return this.#coolingUntil;
  }

  /** Nothing would be lost if this were forgotten. */
  get isUnremarkable(): boolean {
    return this.circuit === 'closed' && this.coolingUntil === 0;
  }

  admit(): Admission {
    return this.#circuit?.admit() ?? 'closed';
  }

  /** @param attempt what will be told to have ended. */
  began(attempt: UnderWayEntry): void {
    this.#underWay.add(attempt);
  }

  /** The probe has got an answer. */
  proved(): void {
    this.#circuit?.succeeded(true);
  }

  coolFor(milliseconds: number): void {
    this.#coolingUntil = Math.max(this.#coolingUntil, Date.now() + milliseconds);
  }

  /**
   * Notes how an attempt ended. A refusal and a rate limit are proof that the provider works. A probe that proved nothing
   * leaves the circuit open.
   */
  ended(attempt: UnderWayEntry, outcome: AttemptOutcome, isProbe: boolean): void {
    const outlivedBy = outcome === 'failed' ? this.#underWay.begunBefore(attempt) : 0;
    this.#underWay.remove(attempt);
    this.counts[outcome]++;
    if (outcome === 'failed' || (outcome === 'inconclusive' && isProbe)) {
      (this.#circuit ??= new Circuit(this.limits)).failed(isProbe, outlivedBy);
    } else if (outcome !== 'inconclusive') this.#circuit?.succeeded(isProbe);
  }
}
