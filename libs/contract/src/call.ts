import type { Decision } from './decision.js';
import type { Json } from './json.js';
import type { Tier } from './tier.js';

/** What the caller may ask of caches, header `x-parsimony-cache`. */
export type CacheWish = 'default' | 'no-store' | 'refresh';

/** Who calls: resolved by the edge before the tenant's stack begins. */
export interface CallerRef {
  readonly tenantId: string;
  readonly teamId: string | null;
  readonly keyId: string;
}

/** A model at a provider. */
export interface ModelTarget {
  readonly provider: string;
  /** The model's name as its provider knows it. */
  readonly model: string;
  readonly tier: Tier | null;
}

export interface ChatMessage {
  readonly role: string;
  readonly content?: Json;
  readonly [field: string]: Json | undefined;
}

/** The body of an OpenAI chat completion; parameters that are not spelled out pass through untouched. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream?: boolean | null;
  readonly n?: number | null;
  readonly max_tokens?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly [parameter: string]: Json | undefined;
}

/** The body of an OpenAI embeddings request. */
export interface EmbeddingsBody {
  readonly model: string;
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  readonly [parameter: string]: Json | undefined;
}

interface CallBase {
  /** UUID version 7 (RFC 9562); carries the time of arrival. */
  readonly id: string;
  /** Arrival, milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  readonly caller: CallerRef;
  /** The model, tier or `auto` as the caller named it. */
  readonly requestedModel: string;
  /** Where the call goes if no layer says otherwise. */
  readonly target: ModelTarget;
  readonly tags: Readonly<Record<string, string>>;
  readonly cache: CacheWish;
  /** What layers decided on the way in; it ends in the call's record. */
  readonly decisions: readonly Decision[];
  /** Fires when the caller is gone or the host gives up. Every provider call takes it. */
  readonly signal: AbortSignal;
}

/**
 * The caller's own bytes beside the body they say. Members of `body` that no layer replaced go to the provider as these
 * bytes, so that parameters nobody here knows, and numbers that JavaScript cannot hold, arrive unharmed.
 */
export interface Received<Body> {
  readonly bytes: Uint8Array;
  readonly body: Body;
}

export interface ChatCall extends CallBase {
  readonly operation: 'chat.completions';
  readonly stream: boolean;
  /** A layer that wants another body puts a changed copy here, member by member. */
  readonly body: ChatBody;
  readonly received?: Received<ChatBody>;
}

export interface EmbeddingsCall extends CallBase {
  readonly operation: 'embeddings';
  readonly stream: false;
  readonly body: EmbeddingsBody;
  readonly received?: Received<EmbeddingsBody>;
}

/** One request on its way in. Immutable: a layer's wishes travel inward on a copy. */
export type Call = ChatCall | EmbeddingsCall;

export type Operation = Call['operation'];

/** A copy of the call that also records a decision. */
export function recordDecision<C extends Call>(call: C, decision: Decision): C {
  return { ...call, decisions: [...call.decisions, decision] };
}
