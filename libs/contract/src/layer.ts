import type { Call } from './call.js';
import type { Reply } from './reply.js';

export type Next = (call: Call) => Reply;

/** What a layer may do beyond asking inward. */
export interface LayerScope {
  /**
   * Asks inward as `next` does, and counts as its one use. The reply is the plugin's to keep: it goes on when the layer's
   * own caller has left, until the plugin has pulled it to its end or leaves it. The call must bear a signal of the
   * plugin's own, since the caller's fires when that caller leaves.
   */
  detached(call: Call): Reply;
  /** Waits for what another call's layer is doing; the layer's own clock stops meanwhile. */
  waitFor<Result>(other: Promise<Result>): Promise<Result>;
}

/** One plugin's part of a tenant's stack. */
export type Layer = (call: Call, next: Next, scope: LayerScope) => Reply;
