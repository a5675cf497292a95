import type { Call, Host, Json, JsonObject, Plugin } from '@parsimony/contract';

/**
 * What a layer does with the events of `next`:
 * `hands-on` returns the reply of `next` itself; `observes` gives the same events on and may add decisions;
 * `replaces` answers with events of its own, as a cache or a router does.
 */
export type Treatment = 'hands-on' | 'observes' | 'replaces';

/** A call that the plugin's layer must refuse, and the code of the refusal. */
export interface RefusedCall {
  readonly call: Call;
  readonly code: string;
}

/** A plugin and the samples with which the suite tries it. */
export interface ConformanceSubject {
  readonly plugin: Plugin;
  readonly treatment: Treatment;
  readonly configs: {
    /** As they would stand in a tenant document. The layer is built from the first. */
    readonly accepted: readonly [JsonObject, ...JsonObject[]];
    readonly refused: readonly Json[];
  };
  /** How a layer built from the first accepted configuration treats calls. */
  readonly calls: {
    readonly passed: readonly [Call, ...Call[]];
    readonly refused?: readonly RefusedCall[];
  };
  /** By default a host without capabilities. Each opening gets a new one; what it leads to must be as new. */
  readonly host?: () => Host | Promise<Host>;
}

/** One thing that every plugin must hold, by name. */
export interface ConformanceCheck {
  readonly name: string;
  /** By default a check concerns every plugin. */
  readonly concerns?: (subject: ConformanceSubject) => boolean;
  /** @throws AssertionError, or whatever the plugin threw, where the plugin does not hold it. */
  readonly run: (subject: ConformanceSubject) => Promise<void>;
}

export function hasLayer({ plugin }: ConformanceSubject): boolean {
  return plugin.layer !== undefined;
}

/** How long something may take that has to happen within the plugin's own time, with a margin for a busy machine. */
export function patience({ plugin }: ConformanceSubject): number {
  return plugin.ownTimeMs + 400;
}
