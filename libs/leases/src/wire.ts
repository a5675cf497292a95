import { z } from 'zod';
import { LEASE_UNITS } from './lease-unit.js';

/** Where gateways exchange their leases; `Authorization: Bearer` with the service token. */
export const EXCHANGE_PATH = '/internal/v1/leases';

/** A whole number of the unit, as decimal digits: JSON's numbers would lose pico-dollars. */
const amount = z
  .string()
  .regex(/^\d{1,30}$/, 'must be a whole number in decimal digits')
  .transform(BigInt);
const moment = z.int().min(0);

const leaseRequest = z.strictObject({
  tenantId: z.uuid(),
  budgetId: z.uuid(),
  unit: z.enum(LEASE_UNITS),
  /** A moment in the period that is meant; milliseconds since the Unix epoch. */
  at: moment,
  /** The holder has bound itself to spend and hold no more than this in all, before it sent the request. */
  claim: amount,
  /** Settled so far in this period. */
  spent: amount,
  /** Set aside for calls under way. */
  held: amount,
  /** Set aside for calls of which nobody knows what they cost. */
  unconfirmed: amount,
  /** In all, without which somebody waits. */
  need: amount,
  /** In all, with which nobody will wait soon. */
  want: amount,
  /** Calls went on without being charged to this lease since the last exchange: the ledger has them. */
  uncovered: z.boolean(),
});

/** What a gateway tells of all its leases and asks for, at once. */
export const exchangeRequest = z.strictObject({
  /** The process: the instance of its journal. */
  holder: z.uuid(),
  /** Grows with each request of the holder: what comes late is not heeded. */
  sequence: z.int().min(1),
  leases: z.array(leaseRequest).max(10_000),
});

const leaseAnswer = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('lent'),
    /** What rows of the ledger bear. */
    leaseId: z.string().regex(/^\d{1,19}$/),
    periodStart: moment,
    /** Null: the period has no end. */
    periodEnd: moment.nullable(),
    /** In all since the period began, spent and held included. */
    granted: amount,
    /** Of the whole period, credits included. */
    limit: amount,
    /** Of the limit, neither spent nor unconfirmed by anybody as far as is known; held by calls under way or not. */
    remaining: amount,
    /** Of the limit, granted to nobody and not spent either: a need of so much more would have been met. */
    unlent: amount,
    /** Somebody could not borrow what it needed: give back what is not needed now. */
    short: z.boolean(),
    /** The lease ends so long after the request was sent, unless it is renewed. */
    lastsMs: z.int().min(1),
  }),
  /** The budget is no more, or is of another unit. */
  z.strictObject({ state: z.literal('gone') }),
  /** The moment lies so far from the service's clock that one of the two is wrong. */
  z.strictObject({ state: z.literal('wrong-time'), now: moment }),
  /** A later request of this holder was answered before. */
  z.strictObject({ state: z.literal('stale') }),
]);

/** One answer for each lease of the request, in its order. */
export const exchangeAnswer = z.strictObject({ leases: z.array(leaseAnswer) });

/** As it stands in a program; `z.input` of the schemas is how it stands on the wire. */
export type ExchangeRequest = z.output<typeof exchangeRequest>;
export type LeaseRequest = ExchangeRequest['leases'][number];
export type ExchangeAnswer = z.output<typeof exchangeAnswer>;
export type LeaseAnswer = ExchangeAnswer['leases'][number];

/**
 * Asks the budgets service. One at a time for each holder.
 *
 * @throws any error where there is no answer that holds to the schema: the request may have been heeded all the same.
 */
export type Exchange = (request: ExchangeRequest, signal: AbortSignal) => Promise<ExchangeAnswer>;
