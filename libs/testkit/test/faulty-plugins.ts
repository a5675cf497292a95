import type { Call, JsonObject, Layer, ReplyEvent } from '@parsimony/contract';
import { z } from 'zod';
import { aCall, anEnd, aStart, TENANT_ID } from '../src/index.js';
import type { ConformanceSubject } from '../src/index.js';
import {
  aPlugin,
  caching,
  fieldsOf,
  handsOn,
  refuseForbidden,
  sharing,
  subjectOf,
  withLayer,
} from './sample-plugins.js';

/** Timers of the plugin that does not clear them. */
export const leaked: NodeJS.Timeout[] = [];

/** For each check by name a plugin that breaks this one rule and no other. */
export const FAULTY: Readonly<Record<string, () => ConformanceSubject>> = {
  'is made by definePlugin, for the contract of today': () => subjectOf(fieldsOf()),
  'bears a name that a tenant document can use': () => subjectOf(aPlugin({ name: 'A sample' })),
  'says where its layer stands': () => {
    const { stage: _, ...fields } = fieldsOf();
    return subjectOf(Object.freeze({ ...fields, ...symbolsOf(aPlugin()) }));
  },
  'says what becomes of a call when it breaks or takes too long': () => subjectOf(aPlugin({ ownTimeMs: -1 })),
  'accepts the good configurations and refuses the bad ones': () => withConfig(z.strictObject({ limit: z.unknown() })),
  'refuses a configuration field that it does not know': () =>
    withConfig(z.looseObject({ limit: z.int().min(1).optional() })),
  'describes its configuration in configSchema as its validator reads it': () =>
    subjectOf(aPlugin({ configSchema: { type: 'object', properties: { limit: { type: 'integer' } } } })),
  'builds its layer without input or output': () =>
    subjectOf(
      aPlugin({
        layer: () => {
          setTimeout(() => undefined, 0);
          return handsOn;
        },
      }),
    ),
  'builds the same layer from the same configuration, and leaves the configuration as it is': () => {
    let buildings = 0;
    return subjectOf(
      aPlugin({
        layer: (_shared, _config, { id }) => {
          if (id === TENANT_ID) buildings += 1;
          const model = id === TENANT_ID && buildings % 2 === 0 ? 'another-model' : 'model';
          return (call, next) => {
            refuseForbidden(call.tags);
            return next({ ...call, target: { ...call.target, model } });
          };
        },
      }),
    );
  },
  'keeps tenants apart': () => {
    const open = () => Promise.resolve({ kept: new Map<string, readonly ReplyEvent[]>(), ...closing });
    const layer = (shared: object): Layer =>
      refusing(caching((shared as Awaited<ReturnType<typeof open>>).kept, (_tenantId, body) => body));
    return subjectOf(aPlugin({ stage: 'exact-cache', open, layer }), 'replaces');
  },
  'gives replies that begin with start and finish with end': () =>
    withLayer(async function* (call, next) {
      for await (const event of next(call)) if (event.type !== 'end') yield event;
    }, 'replaces'),
  'gives events on unchanged and in order': () =>
    withLayer(async function* (call, next) {
      for await (const event of next(call)) yield { ...event };
    }, 'observes'),
  'returns the reply of next itself where it does nothing to the events: no cost per event': () =>
    withLayer(async function* (call, next) {
      yield* next(call);
    }, 'hands-on'),
  'holds no event back until the next one is there': () =>
    withLayer(async function* (call, next) {
      let held: ReplyEvent | undefined;
      for await (const event of next(call)) {
        if (held) yield held;
        held = event;
      }
      if (held) yield held;
    }, 'observes'),
  "leaves a provider's own bytes off an event that it has changed": () =>
    withLayer(async function* (call, next) {
      for await (const event of next(call)) {
        yield event.type === 'delta' ? { ...event, chunks: [{ ...event.chunks[0], rewritten: true }] } : event;
      }
    }, 'replaces'),
  'begins nothing until its reply is pulled': () =>
    withLayer((call, next) => {
      const events = next(call)[Symbol.asyncIterator]();
      const first = events.next();
      return remaining(first, events);
    }, 'observes'),
  'leaves the reply of next when its own reply is left': () =>
    withLayer(async function* (call, next) {
      const events = next(call)[Symbol.asyncIterator]();
      for (let step = await events.next(); !step.done; step = await events.next()) yield step.value;
    }, 'observes'),
  'ends when the signal of the call fires': () =>
    withLayer((call, next) => next({ ...call, signal: new AbortController().signal }), 'hands-on'),
  'gives an error of next on unchanged': () =>
    withLayer(async function* (call, next) {
      try {
        yield* next(call);
      } catch (error) {
        throw new Error('the provider failed', { cause: error });
      }
    }, 'observes'),
  'calls next once at most; only a route may call it again': () =>
    withLayer(async function* (call, next) {
      let events = next(call)[Symbol.asyncIterator]();
      let first = events.next();
      try {
        await first;
      } catch {
        events = next(call)[Symbol.asyncIterator]();
        first = events.next();
      }
      yield* remaining(first, events);
    }, 'observes'),
  'never calls next after an event has left': () =>
    withLayer(
      async function* (call, next) {
        try {
          yield* next(call);
        } catch {
          yield* next(call);
        }
      },
      'observes',
      'route',
    ),
  'changes nothing of the call that it was given': () =>
    withLayer((call, next) => {
      Object.assign(call.tags, { seen: 'yes' });
      return next(call);
    }, 'hands-on'),
  'keeps the identity, the caller and the earlier decisions of the call': () =>
    withLayer((call, next) => next({ ...call, decisions: [] }), 'hands-on'),
  'keeps concurrent calls apart': () => {
    let latest: Call = aCall();
    return withLayer(async function* (call, next) {
      latest = call;
      const events: ReplyEvent[] = [];
      for await (const event of next(call)) if (event.type === 'start') events.push(event);
      yield aStart(call);
      yield { type: 'answer', body: { id: latest.id } };
      yield anEnd();
    }, 'replaces');
  },
  'keeps a detached reply going when its caller leaves, for the others who wait for it': () =>
    withLayer(sharing({ callersSignal: true }), 'replaces', 'exact-cache'),
  "waits for another call's reply inside waitFor, off its own clock": () =>
    withLayer(racing(sharing({ ownTime: true })), 'replaces', 'exact-cache'),
  'refuses with an error of the contract, before a provider is asked and before an event has left': () =>
    subjectOf(
      aPlugin({
        layer: () => (call, next) => {
          if (call.tags['forbidden']) throw new Error('this is forbidden');
          return next(call);
        },
      }),
    ),
  'gives back on closing what it opened, and can be opened again': () =>
    subjectOf(
      aPlugin({
        open: () => {
          leaked.push(setInterval(() => undefined, 60_000));
          return Promise.resolve(closing);
        },
      }),
    ),
};

const closing: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve() };

function withConfig(config: z.ZodType): ConformanceSubject {
  return subjectOf(aPlugin({ config, configSchema: z.toJSONSchema(config, { io: 'input' }) as JsonObject }));
}

function refusing(layer: Layer): Layer {
  return (call, next, scope) => {
    refuseForbidden(call.tags);
    return layer(call, next, scope);
  };
}

/** Ends with the signal of the call by itself, for a layer that waits past its scope. */
function racing(layer: Layer): Layer {
  return async function* (call, next, scope) {
    const events = layer(call, next, scope)[Symbol.asyncIterator]();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    aborted.catch(() => undefined);
    call.signal.addEventListener('abort', () => reject(call.signal.reason as Error), { once: true });
    try {
      for (;;) {
        const step = await Promise.race([events.next(), aborted]);
        if (step.done) return;
        yield step.value;
      }
    } finally {
      void events.return?.();
    }
  };
}

function symbolsOf(value: object): object {
  return Object.fromEntries(Object.getOwnPropertySymbols(value).map((symbol) => [symbol, Reflect.get(value, symbol)]));
}

async function* remaining(
  first: Promise<IteratorResult<ReplyEvent>>,
  events: AsyncIterator<ReplyEvent>,
): AsyncGenerator<ReplyEvent> {
  try {
    for (let step = await first; !step.done; step = await events.next()) yield step.value;
  } finally {
    await events.return?.();
  }
}
