import type { Tier } from '@parsimony/contract';

/** A plugin that a tenant has turned on. */
export interface EnabledPlugin {
  /** The plugin's name. */
  readonly use: string;
  /** As the plugin's own schema read it. */
  readonly config: unknown;
}

/** How hard a tenant's calls try, and for how long. */
export interface Reliability {
  /** How often one model is tried for a call, the first time included; 1 to 10. */
  readonly attempts: number;
  readonly timeouts: {
    /** From arrival to the answer's end, all attempts and waits between them included. */
    readonly totalMs: number;
    /** Of one attempt; the provider's own where left out. */
    readonly firstByteMs?: number | undefined;
    readonly betweenBytesMs?: number | undefined;
  };
  /** By `provider/model` those that are asked in its place when it fails, in order. */
  readonly fallbacks: Readonly<Record<string, readonly string[]>>;
  /** Calls that may be under way for this tenant at each provider; no limit of its own where left out. */
  readonly concurrency?: number | undefined;
}

/** How a tenant's calls meet their budgets. */
export interface BudgetRules {
  /** Where a call does not fit: `cut` lowers its limit of output tokens to what fits, `refuse` never does. */
  readonly onShortfall: 'cut' | 'refuse';
  /** Calls under HARD budgets that no lease covers, while the budgets service is away. */
  readonly onUnavailable: 'deny' | 'allow';
  /** How long a call waits for others to give back what they hold, or for the budgets service. */
  readonly waitMs: number;
  /** The limit of output tokens of a call that names none, where its longest possible answer does not fit. */
  readonly defaultMaxTokens: number;
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
  readonly reliability: Reliability;
  readonly budgets: BudgetRules;
}
