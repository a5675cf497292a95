import type { Call } from '@parsimony/contract';
import type { Purpose } from '../ledger/ledger-row.js';

const PURPOSE = Symbol('purpose');

/** A call that says why it is made. Copies made by spreading it say so too, and no layer can name it. */
type PurposefulCall = Call & { readonly [PURPOSE]?: Purpose };

/** A copy of the call for a further attempt; the ledger shows why it was made. A plugin's side question stays one. */
export function withPurpose<C extends Call>(call: C, purpose: Purpose): C {
  const { [PURPOSE]: already } = call as PurposefulCall;
  return already === 'embedding' || already === 'judge' ? call : { ...call, [PURPOSE]: purpose };
}

export function purposeOf(call: Call): Purpose {
  return (call as PurposefulCall)[PURPOSE] ?? 'answer';
}
