import { describe, expect, it } from 'vitest';
import type { EmbeddingsCall } from './call.js';
import { recordDecision } from './call.js';

describe('recordDecision', () => {
  it('records on a copy: the call itself stays as it is, and its body is the same object', () => {
    const earlier = { plugin: 'first', summary: 'decided', detail: {} };
    const later = { plugin: 'second', summary: 'decided too', detail: { cap: 5 } };
    const call: EmbeddingsCall = Object.freeze({
      id: '01936000-0000-7000-8000-000000000001',
      receivedAt: 1_795_478_400_000,
      caller: { tenantId: 'tenant-1', teamId: null, keyId: 'key-1' },
      requestedModel: 'openai/text-embedding-3-small',
      target: { provider: 'openai', model: 'text-embedding-3-small', tier: null },
      tags: {},
      cache: 'default',
      decisions: Object.freeze([earlier]),
      signal: new AbortController().signal,
      deadlineAt: 1_795_479_000_000,
      operation: 'embeddings',
      stream: false,
      body: { model: 'openai/text-embedding-3-small', input: 'text' },
    });
    const recorded = recordDecision(call, later);
    expect(recorded.decisions).toEqual([earlier, later]);
    expect(call.decisions).toEqual([earlier]);
    expect(recorded.body).toBe(call.body);
    expect(recorded).toEqual({ ...call, decisions: [earlier, later] });
  });
});
