import type { LeaseUnit } from './lease-unit.js';
import { Waiting } from './waiting.js';

const MINUTE_MS = 60_000;

/** A period that this process has no lease for yet, known by one of its moments only. */
export class Opening {
  askedAt = -Infinity;
  /** When the budgets service answered that the moment is not one of its time. */
  wrongAt = -Infinity;
  /** For calls that wait. */
  readonly waiting = new Waiting();
  /** A call began to wait since the last request. */
  pressed = true;
  /** Calls in this period went on without being charged. */
  uncovered = false;
  /** What was asked last was not answered: something may be lent. */
  unheard = false;

  constructor(readonly at: number) {}

  /** Whether no period ends between the two moments: offsets of time zones are multiples of a quarter of an hour. */
  isNear(at: number, unit: LeaseUnit): boolean {
    const slot = unit === 'pico-dollars' ? 15 * MINUTE_MS : MINUTE_MS;
    return Math.floor(at / slot) === Math.floor(this.at / slot);
  }
}
