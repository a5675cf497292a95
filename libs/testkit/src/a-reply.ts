import { NO_USAGE } from '@parsimony/contract';
import type { Call, JsonObject, ReplyAnswer, ReplyDelta, ReplyEnd, ReplyEvent, ReplyStart } from '@parsimony/contract';

/** A reply that gives these events, one a pull. */
export async function* aReply(events: Iterable<ReplyEvent>): AsyncGenerator<ReplyEvent, undefined> {
  yield* events;
}

/**
 * The events of a provider's answer in full: `start delta delta delta end` where the call streams, else
 * `start answer end`. Every text bears the call's id, so that a reply can be told from another call's.
 */
export function anAnswerTo(call: Call): readonly ReplyEvent[] {
  const parts = ['first', 'second', 'third'].map((part) => `${part} part for ${call.id}. `);
  const content = call.stream ? parts.map((text) => aDelta(call, text)) : [anAnswer(call, parts.join(''))];
  return [aStart(call), ...content, anEnd()];
}

export function aStart(call: Call): ReplyStart {
  return { type: 'start', target: call.target, cache: 'miss' };
}

export function aDelta(call: Call, text: string): ReplyDelta {
  const choices = [{ index: 0, delta: { content: text }, finish_reason: null }];
  const chunk = { id: call.id, object: 'chat.completion.chunk', model: call.target.model, choices };
  return { type: 'delta', chunks: [chunk], wire: Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`) };
}

export function anAnswer(call: Call, text: string): ReplyAnswer {
  const body = call.operation === 'embeddings' ? embeddings(call) : completion(call, text);
  return { type: 'answer', body, wire: Buffer.from(JSON.stringify(body)) };
}

export function anEnd(changes: Partial<ReplyEnd> = {}): ReplyEnd {
  const usage = { ...NO_USAGE, input: 11, output: 7 };
  return { type: 'end', usage, cost: 15_600_000n, saved: 0n, settlement: 'exact', ...changes };
}

function completion(call: Call, text: string): JsonObject {
  const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
  return { id: call.id, object: 'chat.completion', model: call.target.model, choices };
}

function embeddings(call: Call): JsonObject {
  const data = [{ object: 'embedding', index: 0, embedding: [0.5, -0.5] }];
  return { id: call.id, object: 'list', model: call.target.model, data };
}
