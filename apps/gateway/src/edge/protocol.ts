import type { Operation } from '@parsimony/contract';
import type { Protocol } from '@parsimony/protocols';

/** The protocol whose error shape and stream framing the operation's callers understand. */
export function protocolOf(operation: Operation): Protocol {
  return operation === 'messages' || operation === 'responses' ? operation : 'chat.completions';
}
