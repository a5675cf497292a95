import type { CallContext, ModelTarget } from '../call.js';
import type { JsonObject } from '../json.js';
import type { PicoDollars } from '../money.js';
import type { Usage } from '../usage.js';

/** Why a plugin asks a model on its own account. */
export type SidePurpose = 'embedding' | 'judge';

export interface SideQuestion {
  readonly purpose: SidePurpose;
  readonly operation: 'chat.completions' | 'embeddings';
  /** As a caller would name it: a model, a tier. */
  readonly model: string;
  /** The body without `model` and `stream`. */
  readonly body: JsonObject;
  readonly signal: AbortSignal;
}

/** Capability `models`: asks models through the one metered door. */
export interface Models {
  /**
   * Asks on behalf of a call, past the tenant's stack. The cost is booked to that call, also after it has ended.
   *
   * @returns the answer's body.
   * @throws what a caller would see: BudgetExceeded, ModelNotFound, a provider's error.
   */
  ask(context: CallContext, question: SideQuestion): Promise<JsonObject>;
  /** What a usage costs the call's tenant at the prices that hold when the call came. */
  costOf(context: CallContext, target: ModelTarget, usage: Usage): PicoDollars;
}
