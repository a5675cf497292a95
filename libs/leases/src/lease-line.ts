import { max, min } from './amounts.js';
import type { HeldLease } from './held-lease.js';
import type { LeaseTerms } from './lease-terms.js';
import type { Opening } from './opening.js';
import type { LeaseRequest } from './wire.js';

/** This part of what remains of a limit is lent ahead of any demand: it bridges a restart of the budgets service. */
const AHEAD_PART = 64n;

const NOTHING = { claim: 0n, spent: 0n, held: 0n, unconfirmed: 0n };

/**
 * What a request tells and asks about a lease. The lease is bound to the claim first.
 *
 * @param ahead what it should have beside what is used; undefined: nothing, it is not used any more.
 */
export function leaseLine(terms: LeaseTerms, lease: HeldLease, ahead: bigint | undefined, now: number): LeaseRequest {
  const { spent, held, unconfirmed, used, uncovered, free } = lease;
  const waiting = lease.waiting.ask(lease.short);
  const need = used + waiting;
  const want = lease.short || ahead === undefined ? need : need + max(max(ahead, held), lease.remaining / AHEAD_PART);
  // Calls at once of a lease that ended a while ago were given to others: only those that are under way still count.
  const isForgone = terms.unit === 'calls' && now >= lease.endsAt;
  // Where others wait too, what serves nobody here may serve somebody there.
  const isIdle = lease.shortElsewhere && free < waiting;
  const claim = min(lease.granted, isForgone || isIdle ? used : want);
  lease.bind(claim);
  lease.uncovered = false;
  lease.pressed = false;
  lease.askedAt = now;
  return { ...subject(terms), at: lease.start, claim, spent, held, unconfirmed, need, want, uncovered };
}

/** What a request asks about a period that is not known yet. */
export function openingLine(terms: LeaseTerms, opening: Opening, ahead: bigint, now: number): LeaseRequest {
  const { at, uncovered } = opening;
  const waiting = opening.waiting.ask(false);
  opening.uncovered = false;
  opening.pressed = false;
  opening.askedAt = now;
  return { ...subject(terms), at, ...NOTHING, need: waiting, want: waiting + ahead, uncovered };
}

function subject({ tenantId, budgetId, unit }: LeaseTerms): Pick<LeaseRequest, 'tenantId' | 'budgetId' | 'unit'> {
  return { tenantId, budgetId, unit };
}
