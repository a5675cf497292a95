import { definePlugin, InvalidRequest } from '@parsimony/contract';
import type { JsonObject, Layer, Plugin, Reply, ReplyEvent, Stage } from '@parsimony/contract';
import { z } from 'zod';
import { aCall, anEmbeddingsCall } from '../src/index.js';
import type { ConformanceSubject, Treatment } from '../src/index.js';

const config = z.strictObject({ limit: z.int().min(1).optional() });

/** A plugin that nothing is wrong with; `changes` make it good or faulty in another way. */
export function aPlugin(changes: Partial<Plugin> = {}): Plugin {
  return definePlugin(fieldsOf(changes));
}

/** The same, but not made by definePlugin. */
export function fieldsOf(changes: Partial<Plugin> = {}): Plugin {
  return {
    contract: 1,
    name: 'sample',
    config,
    configSchema: z.toJSONSchema(config, { io: 'input' }) as JsonObject,
    needs: [],
    stage: 'policy',
    onFailure: 'fail',
    ownTimeMs: 50,
    open: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    layer: () => handsOn,
    ...changes,
  };
}

export function subjectOf(plugin: Plugin, treatment: Treatment = 'hands-on'): ConformanceSubject {
  return {
    plugin,
    treatment,
    configs: { accepted: [{ limit: 5 }, {}], refused: [{ limit: 0 }, { limit: 'five' }, 7] },
    calls: {
      passed: [aCall(), aCall({ stream: false }), anEmbeddingsCall()],
      refused: [{ call: aCall({ tags: { forbidden: 'yes' } }), code: 'invalid_request' }],
    },
  };
}

/** A plugin whose layer is this one, behind the refusal that the samples of `subjectOf` expect. */
export function withLayer(layer: Layer, treatment: Treatment, stage: Stage = 'optimise'): ConformanceSubject {
  const refusing: Layer = (call, next, scope) => {
    refuseForbidden(call.tags);
    return layer(call, next, scope);
  };
  return subjectOf(aPlugin({ stage, layer: () => refusing }), treatment);
}

export const handsOn: Layer = (call, next) => {
  refuseForbidden(call.tags);
  return next(call);
};

export const observing: Layer = async function* (call, next) {
  let events = 0;
  for await (const event of next(call)) {
    if (event.type === 'end') {
      yield { type: 'decision', decision: { plugin: 'sample', summary: `saw ${events} events`, detail: { events } } };
    }
    yield event;
    events += 1;
  }
};

/** Keeps whole answers by key, as a cache does. */
export function caching(
  kept: Map<string, readonly ReplyEvent[]>,
  keyOf: (tenantId: string, body: string) => string,
): Layer {
  return async function* (call, next) {
    const key = keyOf(call.caller.tenantId, JSON.stringify([call.operation, call.stream, call.body]));
    const hit = kept.get(key);
    if (hit) {
      for (const event of hit) yield event.type === 'start' ? { ...event, cache: 'exact' } : event;
      return;
    }
    const seen: ReplyEvent[] = [];
    for await (const event of next(call)) {
      seen.push(event);
      yield event;
    }
    kept.set(key, seen);
  };
}

export interface SharingFaults {
  /** The flight takes the signal of the caller who began it. */
  readonly callersSignal?: boolean;
  /** Callers wait for it on their own time. */
  readonly ownTime?: boolean;
}

/** Lets equal calls at once share one reply of next, as single-flight does. */
export function sharing({ callersSignal = false, ownTime = false }: SharingFaults = {}): Layer {
  const flights = new Map<string, SharedFlight>();
  return async function* (call, _next, scope) {
    const key = JSON.stringify([call.caller.tenantId, call.operation, call.stream, call.body]);
    const known = flights.get(key);
    const flight = known ?? new SharedFlight();
    flight.callers += 1;
    if (!known) {
      flights.set(key, flight);
      const signal = callersSignal ? call.signal : flight.abort.signal;
      void flight.pump(scope.detached({ ...call, signal })).finally(() => flights.delete(key));
    }
    try {
      for (let at = 0; ; at += 1) {
        while (at === flight.events.length) {
          if (flight.failure) throw flight.failure.error;
          if (flight.over) return;
          await (ownTime ? flight.more.promise : scope.waitFor(flight.more.promise));
        }
        const event = flight.events[at] as ReplyEvent;
        yield known && event.type === 'start' ? { ...event, cache: 'exact' } : event;
      }
    } finally {
      flight.callers -= 1;
      if (flight.callers === 0) flight.abort.abort(new Error('nobody waits'));
    }
  };
}

class SharedFlight {
  readonly events: ReplyEvent[] = [];
  readonly abort = new AbortController();
  callers = 0;
  over = false;
  failure: { readonly error: unknown } | undefined;
  more = Promise.withResolvers<void>();

  async pump(reply: Reply): Promise<void> {
    try {
      for await (const event of reply) {
        this.events.push(event);
        this.#tell();
      }
    } catch (error) {
      this.failure = { error };
    }
    this.over = true;
    this.#tell();
  }

  #tell(): void {
    this.more.resolve();
    this.more = Promise.withResolvers();
  }
}

export function refuseForbidden(tags: Readonly<Record<string, string>>): void {
  if (tags['forbidden']) throw new InvalidRequest('this is forbidden');
}
