import { hash } from 'node:crypto';
import type { Json } from '@parsimony/contract';
import { promptOf, type Entry } from '../entries/index.js';
import type { KeyedCall } from '../keys/index.js';
import type { RecordedReply } from '../replay/index.js';
import type { ExactRequest, ExactRules } from './exact-parts.js';

/**
 * The entry of an answer that has just passed.
 *
 * @param askedAt when it was asked for; milliseconds since the Unix epoch.
 */
export function entryFor({ call, key, id }: ExactRequest, reply: RecordedReply, askedAt: number, ttlMs: number): Entry {
  const { target, answer, usage, cost } = reply;
  return {
    tenantId: call.caller.tenantId,
    id,
    kind: 'exact',
    key,
    scope: null,
    namespace: null,
    question: null,
    prompt: promptOf(askedIn(call)),
    signature: null,
    answer,
    answerDigest: hash('sha256', answer, 'buffer'),
    target,
    usage,
    cost,
    createdAt: askedAt,
    expiresAt: askedAt + ttlMs,
  };
}

/** Whether an entry answers the call: whatever a store gives back, no tenant gets another's answer. */
export function answers(entry: Entry, { call, key }: ExactRequest, { ttlMs }: ExactRules): boolean {
  return (
    entry.tenantId === call.caller.tenantId &&
    entry.kind === 'exact' &&
    entry.key !== null &&
    key.equals(entry.key) &&
    // The tenant may have shortened the time since the answer was kept.
    Math.min(entry.expiresAt, entry.createdAt + ttlMs) > Date.now()
  );
}

function askedIn(call: KeyedCall): Json {
  if (call.operation === 'chat.completions') return call.body.messages;
  if (call.operation === 'messages') return [call.body.system ?? null, call.body.messages];
  if (call.operation === 'responses') return [call.body.instructions ?? null, call.body.input ?? null];
  return call.body.input;
}
