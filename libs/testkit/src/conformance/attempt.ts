import type { Call, Layer, Next, ReplyEvent } from '@parsimony/contract';
import { aScope } from '../a-scope.js';

/** How a call through a layer went, however it ended. */
export interface Attempt {
  readonly events: readonly ReplyEvent[];
  /** Set where the layer threw at once, or its reply threw while it was pulled. */
  readonly failure?: { readonly error: unknown };
}

/** Sends a call through a layer and pulls its reply to the end. `onEvent` hears of each event as it leaves the layer. */
export async function attempt(
  layer: Layer,
  call: Call,
  next: Next,
  onEvent: (event: ReplyEvent) => void = () => undefined,
): Promise<Attempt> {
  const events: ReplyEvent[] = [];
  try {
    for await (const event of layer(call, next, aScope(next, call.signal))) {
      events.push(event);
      onEvent(event);
    }
    return { events };
  } catch (error) {
    return { events, failure: { error } };
  }
}
