import type { Call } from './call.js';
import type { Capabilities, Capability } from './capability.js';
import type { Reply } from './reply.js';
import type { JsonObject } from './json.js';
import type { StandardSchema } from './standard-schema.js';

/** The contract's version. Hosts load plugins of this version and of the one before. */
export const CONTRACT_VERSION = 1;

export type Next = (call: Call) => Reply;

/** One plugin's part of a tenant's stack. */
export type Layer = (call: Call, next: Next) => Reply;

/** Where a layer stands, outermost first. Inside one stage the tenant's order holds. */
export const STAGES = ['policy', 'exact-cache', 'optimise', 'semantic-cache', 'route', 'batch'] as const;

export type Stage = (typeof STAGES)[number];

/**
 * What becomes of a call whose layer breaks or overruns its own time: `fail` refuses it, `bypass` goes on without the
 * layer as long as no event has left.
 */
export type FailurePolicy = 'fail' | 'bypass';

export interface TenantRef {
  readonly id: string;
  readonly revision: number;
}

/** What a plugin gets from its host when it opens: the capabilities that it named in `needs`, and a log. */
export interface Host {
  readonly log: PluginLog;
  readonly capabilities: Capabilities;
}

export interface PluginLog {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

export interface Plugin<Config = unknown, Shared extends AsyncDisposable = AsyncDisposable> {
  readonly contract: typeof CONTRACT_VERSION;
  readonly name: string;
  /** The shape of the plugin's `config` in a tenant document. Unknown fields must be refused. */
  readonly config: StandardSchema<unknown, Config>;
  /** JSON Schema of the configuration, for forms and documentation. */
  readonly configSchema: JsonObject;
  readonly needs: readonly Capability[];
  readonly stage?: Stage;
  readonly onFailure: FailurePolicy;
  /** How long the layer may take for itself, in milliseconds; the clock stops while it waits inside `next`. */
  readonly ownTimeMs: number;
  /** Once per process: pools, models. */
  open(host: Host): Promise<Shared>;
  /** Once per tenant revision: no input or output here. */
  layer?(shared: Shared, config: Config, tenant: TenantRef): Layer;
}

/** Marks what `definePlugin` made. A symbol and not a class, since host and plugin may hold two copies of this package. */
export const PLUGIN_MARK = Symbol.for('parsimony.plugin');

/** Declares a plugin. Its module exports the result as default. */
export function definePlugin<Config, Shared extends AsyncDisposable>(
  plugin: Plugin<Config, Shared>,
): Plugin<Config, Shared> {
  return Object.freeze({ ...plugin, [PLUGIN_MARK]: CONTRACT_VERSION });
}
