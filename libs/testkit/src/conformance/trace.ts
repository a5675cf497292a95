import { isParsimonyError } from '@parsimony/contract';
import type { Call, JsonObject, Layer, ModelTarget } from '@parsimony/contract';
import { FakeEgress } from '../fake-egress.js';
import { attempt } from './attempt.js';

/** What a layer did with a call, without what may differ from run to run (times, texts of decisions). */
export interface Trace {
  readonly forwarded: readonly { readonly target: ModelTarget; readonly body: JsonObject }[];
  readonly shape: readonly string[];
  readonly failure: string | null;
}

export async function traceOf(layer: Layer, call: Call): Promise<Trace> {
  const egress = new FakeEgress();
  const { events, failure } = await attempt(layer, call, egress.next);
  return {
    forwarded: egress.calls.map(({ target, body }) => ({ target, body })),
    shape: events.map((event) => (event.type === 'start' ? `start ${event.cache}` : event.type)),
    failure: failure ? nameOf(failure.error) : null,
  };
}

function nameOf(error: unknown): string {
  return isParsimonyError(error) ? error.code : String(error);
}
