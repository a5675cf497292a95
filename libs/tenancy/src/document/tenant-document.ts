import type { Tier } from '@parsimony/contract';

/** A plugin that a tenant has turned on. */
export interface EnabledPlugin {
  /** The plugin's name. */
  readonly use: string;
  /** As the plugin's own schema read it. */
  readonly config: unknown;
}

/** A tenant's configuration, proved. */
export interface TenantDocument<Prices = unknown> {
  /** By tier the models that belong to it, `provider/model`, the preferred one first. */
  readonly tiers: { readonly [T in Tier]?: readonly string[] | undefined };
  /** In the tenant's order. */
  readonly plugins: readonly EnabledPlugin[];
  readonly prices: Prices;
  /**
   * What becomes of a stream whose caller left: read to its end, so that its cost is known exactly, or aborted, so that
   * the provider stops sooner and the cost is a lower bound.
   */
  readonly onClientAbort: 'drain' | 'abort';
}
