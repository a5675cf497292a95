export { Drains } from './egress/drains.js';
export { createEgress, type EgressOptions, type PriceOf } from './egress/egress.js';
export type { FinishedAttempt } from './egress/finished-attempt.js';
export { withPurpose } from './egress/purpose.js';
export {
  unlimitedDoor,
  type CutCall,
  type Grant,
  type ReservationDoor,
  type ReservationRequest,
} from './egress/reservation-door.js';
export { RejectedRows } from './flush/batch-writer.js';
export { Flusher, type FlusherOptions } from './flush/flusher.js';
export { LedgerWriter, USAGE_CHANNEL } from './flush/ledger-writer.js';
export type { ReplayReport } from './flush/replay.js';
export { JournalFiles } from './journal/journal-files.js';
export { Journal, type JournalOptions } from './journal/journal.js';
export type { AccountedCall, CallOutcome, Purpose, RungOutcome } from './ledger/ledger-row.js';
export { meterCall, meterContext, type CallMeter } from './meter.js';
export { Roster, type RosterEntry } from './roster.js';
