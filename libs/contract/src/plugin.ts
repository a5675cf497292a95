import type { PluginMigration } from './capabilities/database.js';
import type { Capabilities, Capability } from './capability.js';
import type { JsonObject } from './json.js';
import type { Layer } from './layer.js';
import type { CacheQuality, PurgeRequest, ResultCache } from './result-cache.js';
import type { StandardSchema } from './standard-schema.js';

/** The contract's version. Hosts load plugins of this version and of the one before. */
export const CONTRACT_VERSION = 1;

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
export interface Host<Needs extends Capability = Capability> {
  readonly log: PluginLog;
  readonly capabilities: Pick<Capabilities, Needs>;
  /**
   * Tells operators of a fault that lasts, such as a store that is away, and of its end (null). It shows in the plugin's
   * health, in metrics and in the log, once for each change.
   *
   * @param part which part of the plugin, such as `vectors`.
   */
  readonly reportHealth: (part: string, fault: string | null) => void;
}

export interface PluginLog {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

/** A layer of a plugin that stands in several stages. */
export interface StagedLayer<Config, Shared> {
  readonly stage: Stage;
  /** Once per tenant revision: no input or output here. */
  layer(shared: Shared, config: Config, tenant: TenantRef): Layer;
}

/** What makes a plugin a cache: what it keeps can be used by name, given up and measured. */
export interface CacheContribution<Config, Shared> {
  /** Once per tenant revision: no input or output here. */
  results(shared: Shared, config: Config, tenant: TenantRef): ResultCache;
  /** Forgets entries of a tenant at every gateway. @returns how many. */
  purge(shared: Shared, tenantId: string, request: PurgeRequest): Promise<number>;
  quality(shared: Shared, config: Config, tenantId: string): Promise<readonly CacheQuality[]>;
}

export interface Plugin<
  Config = unknown,
  Shared extends AsyncDisposable = AsyncDisposable,
  Needs extends Capability = Capability,
> {
  readonly contract: typeof CONTRACT_VERSION;
  readonly name: string;
  /** The shape of the plugin's `config` in a tenant document. Unknown fields must be refused. */
  readonly config: StandardSchema<unknown, Config>;
  /** JSON Schema of the configuration, for forms and documentation. */
  readonly configSchema: JsonObject;
  readonly needs: readonly Needs[];
  /** Its tables. They are there when it opens. It must need `database`. */
  readonly migrations?: readonly PluginMigration[];
  readonly stage?: Stage;
  readonly onFailure: FailurePolicy;
  /** How long the layer may take for itself, in milliseconds; the clock stops while it waits inside `next`. */
  readonly ownTimeMs: number;
  /** Once per process: pools, models. */
  open(host: Host<Needs>): Promise<Shared>;
  /** Once per tenant revision: no input or output here. */
  layer?(shared: Shared, config: Config, tenant: TenantRef): Layer;
  /** In place of `stage` and `layer`, for a plugin that stands in several stages. */
  readonly layers?: readonly StagedLayer<Config, Shared>[];
  readonly cache?: CacheContribution<Config, Shared>;
}

/** Marks what `definePlugin` made. A symbol and not a class, since host and plugin may hold two copies of this package. */
export const PLUGIN_MARK = Symbol.for('parsimony.plugin');

/** Declares a plugin. Its module exports the result as default. */
export function definePlugin<Config, Shared extends AsyncDisposable, Needs extends Capability = never>(
  plugin: Plugin<Config, Shared, Needs>,
): Plugin<Config, Shared, Needs> {
  return Object.freeze({ ...plugin, [PLUGIN_MARK]: CONTRACT_VERSION });
}
