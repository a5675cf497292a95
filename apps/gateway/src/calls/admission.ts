import type { Call, GenerationCall, ModelTarget } from '@parsimony/contract';
import type { RateTicket } from '../admission/rate-ticket.js';

/** A call as it may enter its tenant's stack. */
export interface AdmittedCall {
  /** Perhaps another one than came: sent to a cheaper model. */
  readonly call: Call;
  /** Undefined where no rate limit holds for it. */
  readonly rates: RateTicket | undefined;
}

/** Where a call goes in the tenant's economy tier; undefined where it cannot go there, or its key may not. */
export type EconomyOf = (call: GenerationCall) => ModelTarget | undefined;

/** Stands before all stacks. */
export interface Admission {
  /**
   * At once where what is lent to this process does, which is nearly always; undefined where the call enters as it came.
   *
   * @throws RateLimitExceeded, or the reason of the call's signal; what it had taken is given back.
   */
  admit(call: Call, economyOf: EconomyOf): AdmittedCall | Promise<AdmittedCall> | undefined;
}
