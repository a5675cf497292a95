import type { Decision } from './decision.js';
import type { Json, JsonObject } from './json.js';
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

/** The body of a request to OpenAI's Responses API (API reference, "Create a model response"). */
export interface ResponsesBody {
  readonly model: string;
  readonly input?: string | readonly JsonObject[];
  readonly instructions?: string | null;
  readonly stream?: boolean | null;
  readonly max_output_tokens?: number | null;
  readonly [parameter: string]: Json | undefined;
}

/** The body of a request to Anthropic's Messages API (API reference, "Create a Message"). */
export interface MessagesBody {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly max_tokens: number;
  readonly system?: string | readonly JsonObject[];
  readonly stream?: boolean;
  readonly [parameter: string]: Json | undefined;
}

/** The body of an OpenAI moderation request. */
export interface ModerationsBody {
  readonly model: string;
  readonly input: Json;
  readonly [parameter: string]: Json | undefined;
}

/** The body of an OpenAI text-to-speech request. */
export interface SpeechBody {
  readonly model: string;
  readonly input: string;
  readonly [parameter: string]: Json | undefined;
}

/** The text fields of an OpenAI transcription or translation form; the recording itself stands only in `received`. */
export interface TranscriptionBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly [field: string]: Json | undefined;
}

/** The body of an OpenAI embeddings request. */
export interface EmbeddingsBody {
  readonly model: string;
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  readonly [parameter: string]: Json | undefined;
}

/** What a caller's `traceparent` line says, or what the gateway made where it began the trace. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span that the next one is a child of. */
  readonly spanId: string;
}

/** What all calls have: who asks, for what, and until when. A plugin's work on its own account is booked to one. */
export interface CallContext {
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
  /** After this moment nobody waits for the answer any more; milliseconds since the Unix epoch. No attempt begins later. */
  readonly deadlineAt: number;
  /** Where the call stands in a distributed trace (W3C Trace Context), for calls that are traced. */
  readonly trace?: TraceParent;
}

/**
 * The caller's own bytes beside the body they say. Members of `body` that no layer replaced go to the provider as these
 * bytes, so that parameters nobody here knows, and numbers that JavaScript cannot hold, arrive unharmed.
 */
export interface Received<Body> {
  readonly bytes: Uint8Array;
  readonly body: Body;
  /** Where it is not JSON: `multipart/form-data` with its boundary. */
  readonly contentType?: string;
}

export interface ChatCall extends CallContext {
  readonly operation: 'chat.completions';
  readonly stream: boolean;
  /** A layer that wants another body puts a changed copy here, member by member. */
  readonly body: ChatBody;
  readonly received?: Received<ChatBody>;
}

export interface EmbeddingsCall extends CallContext {
  readonly operation: 'embeddings';
  readonly stream: false;
  readonly body: EmbeddingsBody;
  readonly received?: Received<EmbeddingsBody>;
}

export interface ResponsesCall extends CallContext {
  readonly operation: 'responses';
  readonly stream: boolean;
  readonly body: ResponsesBody;
  readonly received?: Received<ResponsesBody>;
}

export interface MessagesCall extends CallContext {
  readonly operation: 'messages';
  readonly stream: boolean;
  readonly body: MessagesBody;
  /** Beta features of Anthropic's that the caller named in `anthropic-beta`. */
  readonly betas?: readonly string[];
  readonly received?: Received<MessagesBody>;
}

export interface ModerationsCall extends CallContext {
  readonly operation: 'moderations';
  readonly stream: false;
  readonly body: ModerationsBody;
  readonly received?: Received<ModerationsBody>;
}

/** Its answer is sound, piece by piece as it is made: deltas that have bytes and no chunks. */
export interface SpeechCall extends CallContext {
  readonly operation: 'audio.speech';
  readonly stream: true;
  readonly body: SpeechBody;
  readonly received?: Received<SpeechBody>;
}

export interface TranscriptionCall extends CallContext {
  readonly operation: 'audio.transcriptions' | 'audio.translations';
  readonly stream: boolean;
  readonly body: TranscriptionBody;
  readonly received: Received<TranscriptionBody>;
}

/** One request on its way in. Immutable: a layer's wishes travel inward on a copy. */
export type Call =
  ChatCall | ResponsesCall | MessagesCall | EmbeddingsCall | ModerationsCall | SpeechCall | TranscriptionCall;

/** A call that asks a model to generate text. */
export type GenerationCall = ChatCall | ResponsesCall | MessagesCall;

export type Operation = Call['operation'];

/** A copy of the call that also records a decision. */
export function recordDecision<C extends Call>(call: C, decision: Decision): C {
  return { ...call, decisions: [...call.decisions, decision] };
}
