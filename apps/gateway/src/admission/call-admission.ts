import type { Call, GenerationCall } from '@parsimony/contract';
import type { LeaseBook } from '@parsimony/leases';
import type { AdmittedCall, Admission, EconomyOf } from '../calls/admission.js';
import type { LimitMatcher } from '../spending/limit-matcher.js';
import type { BudgetLine } from '../spending/limits-above.js';
import { Downgrade } from './downgrade.js';
import { RateGate } from './rate-gate.js';
import type { RateTicket } from './rate-ticket.js';

const NO_LINES: readonly BudgetLine[] = [];

/** Lets calls in under their tenant's limits: once a call, before its stack runs. */
export class CallAdmission implements Admission {
  readonly #rates: RateGate;
  readonly #downgrade: Downgrade;

  constructor(
    private readonly limits: LimitMatcher,
    book: LeaseBook,
  ) {
    this.#rates = new RateGate(book);
    this.#downgrade = new Downgrade(book);
  }

  admit(call: Call, economyOf: EconomyOf): AdmittedCall | Promise<AdmittedCall> | undefined {
    const { caller, tags } = call;
    const rates = this.limits.rateLimits(caller, tags);
    const lines = isGeneration(call) ? this.limits.budgets(caller, tags).lines : NO_LINES;
    if (rates.lines.length === 0 && lines.length === 0) return undefined;
    const ticket = rates.lines.length === 0 ? undefined : this.#rates.take(call, rates);
    if (ticket instanceof Promise) return ticket.then((taken) => this.#enter(call, lines, economyOf, taken));
    return this.#enter(call, lines, economyOf, ticket);
  }

  #enter(
    call: Call,
    lines: readonly BudgetLine[],
    economyOf: EconomyOf,
    rates: RateTicket | undefined,
  ): AdmittedCall | Promise<AdmittedCall> {
    if (!isGeneration(call)) return { call, rates };
    const sent = this.#downgrade.apply(call, lines, economyOf);
    if (!(sent instanceof Promise)) return { call: sent, rates };
    return sent.then(
      (known) => ({ call: known, rates }),
      (error: unknown) => {
        rates?.giveBack();
        throw error;
      },
    );
  }
}

function isGeneration(call: Call): call is GenerationCall {
  const { operation } = call;
  return operation === 'chat.completions' || operation === 'responses' || operation === 'messages';
}
