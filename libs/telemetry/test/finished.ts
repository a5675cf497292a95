import { NO_USAGE, type Call, type ChatCall } from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import type { FinishedAttempt } from '../src/genai/finished-attempt.js';
import type { TracedCall } from '../src/tracing/call-spans.js';

export const SECRET_PROMPT = 'Мой пароль — «хлеб с маслом», никому 🤫';

/** A call with things in it that no telemetry may show. */
export function aSecretCall(changes: Partial<ChatCall> = {}): ChatCall {
  return aCall({
    id: crypto.randomUUID(),
    receivedAt: Date.now() - 1000,
    caller: { tenantId: 'tenant-1', teamId: 'team-1', keyId: 'key-1' },
    tags: { note: SECRET_PROMPT },
    body: { model: 'economy', messages: [{ role: 'user', content: SECRET_PROMPT }] },
    requestedModel: 'economy',
    ...changes,
  });
}

export function anAttempt(call: Call, changes: Partial<FinishedAttempt> = {}): FinishedAttempt {
  return {
    call,
    target: call.target,
    rung: 0,
    purpose: 'answer',
    startedAt: call.receivedAt + 10,
    latencyMs: 700,
    firstEventMs: 200,
    outcome: {
      status: 'ok',
      settlement: 'exact',
      usage: { ...NO_USAGE, input: 100, cachedInput: 20, cacheWrite: 3, cacheWriteLong: 2, output: 40, reasoning: 10 },
      cost: 123_000_000n,
      providerStatus: 200,
    },
    errorCode: null,
    ...changes,
  };
}

export function aFinishedCall(call: Call, changes: Partial<TracedCall> = {}): TracedCall {
  return {
    call,
    operation: call.operation,
    streamed: call.stream,
    status: 'ok',
    cache: 'miss',
    target: call.target,
    latencyMs: 900,
    usage: { ...NO_USAGE, input: 125, output: 50 },
    cost: 123_000_000n,
    saved: 5_000_000n,
    errorCode: null,
    ...changes,
  };
}
