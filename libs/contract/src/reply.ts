import type { ModelTarget } from './call.js';
import type { Decision } from './decision.js';
import type { JsonObject } from './json.js';
import type { PicoDollars } from './money.js';
import type { Usage } from './usage.js';

export type CacheOutcome = 'miss' | 'exact' | 'semantic' | 'bypass';

/** How sure a settlement is: as the provider reported it, a lower bound, or not known at all. */
export type Settlement = 'exact' | 'at-least' | 'unconfirmed';

/** How a provider call ended. */
export type RungStatus = 'ok' | 'failed' | 'cancelled';

/** How a call ended; `refused`: it was the caller's to mend. */
export type CallStatus = 'ok' | 'failed' | 'refused' | 'cancelled';

/** First event of every reply: an answer has begun and no HTTP error can follow. */
export interface ReplyStart {
  readonly type: 'start';
  readonly target: ModelTarget;
  readonly cache: CacheOutcome;
  /** Of an answer that is neither JSON nor server-sent events, such as sound. */
  readonly contentType?: string;
  /** To how many output tokens the answer was limited, where a budget had no room for what was asked. */
  readonly maxTokens?: number;
}

/** Part of a streamed answer: one or more whole server-sent events, in the protocol of the call. */
export interface ReplyDelta {
  readonly type: 'delta';
  /** The events' data, such as `chat.completion.chunk` objects; parsed from `wire` when first read. */
  readonly chunks: readonly JsonObject[];
  /**
   * The stream's own end mark stands in it (`message_stop`, `response.completed`). It leaves after the account is
   * closed, so that a caller who has seen the end has been accounted for.
   */
  readonly final?: true;
  /** The provider's own bytes, whole events; they go out untouched when no layer replaced the event. */
  readonly wire?: Uint8Array;
}

/** A whole answer, where the call does not stream. */
export interface ReplyAnswer {
  readonly type: 'answer';
  readonly body: JsonObject;
  readonly wire?: Uint8Array;
  /** Where the answer is not JSON, such as subtitles: `body` is empty then and `wire` is the answer. */
  readonly contentType?: string;
}

/** A fact that a layer found on the way out. */
export interface ReplyDecision {
  readonly type: 'decision';
  readonly decision: Decision;
  /** What the decision saved against the call as it was asked. */
  readonly saved?: PicoDollars;
}

/** Last event of every reply that was answered in full. */
export interface ReplyEnd {
  readonly type: 'end';
  readonly usage: Usage;
  readonly cost: PicoDollars;
  /** What no decision of this reply has said: both are added up. */
  readonly saved: PicoDollars;
  readonly settlement: Settlement;
}

/**
 * What travels outward. A reply that streams is `start delta* end`, one that does not is `start answer end`;
 * decisions stand anywhere between start and end.
 */
export type ReplyEvent = ReplyStart | ReplyDelta | ReplyAnswer | ReplyDecision | ReplyEnd;

export type Reply = AsyncIterable<ReplyEvent>;
