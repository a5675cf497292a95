import type { Call, ModelTarget, Operation, ReplyAnswer, ReplyDelta, Usage } from '@parsimony/contract';
import type { ProviderKind } from './config/provider-config.js';

/** The provider has accepted the call: status 200 is known. */
export interface ProviderStart {
  readonly type: 'start';
  /** Of an answer that is neither JSON nor server-sent events, such as sound. */
  readonly contentType?: string;
}

/** The answer is whole. `usage` is null where the provider reported none, or one that cannot be true. */
export interface ProviderFinish {
  readonly type: 'finish';
  readonly usage: Usage | null;
}

/** `start`, then deltas or one answer, then `finish`. */
export type ProviderEvent = ProviderStart | ReplyDelta | ReplyAnswer | ProviderFinish;

/** One request under way at a provider. */
export interface ProviderExchange {
  /** True as soon as a byte of the request may have reached the provider, so that it may bill for it. */
  readonly sent: boolean;
  /**
   * The next event; one at a time. After `finish` or an error there is none.
   *
   * @throws ProviderError, ProviderUnreachable, ProviderTimeout, ProviderStreamCut, ProviderInvalidAnswer, ProviderRefused
   */
  next(): Promise<ProviderEvent>;
  /** Rejects a pending `next` with `reason`, without touching the request: somebody else will pull the rest. */
  interrupt(reason: Error): void;
  /** Ends the request; a no-op when it is over. */
  abort(reason: Error): void;
}

/**
 * Speaks one provider's protocol. It neither meters nor retries: only the egress may call it. It owns no sockets, so that
 * nothing has to be closed.
 */
export interface ProviderAdapter {
  readonly name: string;
  readonly kind: ProviderKind;
  /** The provider's id in the price catalogue. */
  readonly catalogue: string;
  /** Whether the provider speaks the operation, or a protocol that it can be translated into. */
  supports(operation: Operation): boolean;
  /**
   * @throws UnsupportedParameter where the operation, or a field of the body, cannot be carried to this provider.
   * @throws AddressNotAllowed where a tenant's own provider stands at an address that is forbidden.
   */
  send(call: Call, target: ModelTarget): ProviderExchange;
}
