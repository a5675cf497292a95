import type { ChatBody, ChatCall, JsonObject, MessagesCall, ResponsesCall } from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { outputCeiling } from './output-ceiling.js';
import { limitOutput, outputLimit } from './output-limit.js';

function aChat(limits: Partial<ChatBody> = {}): ChatCall {
  const call = aCall();
  return { ...call, body: { ...call.body, ...limits } };
}

function aResponse(limits: JsonObject = {}): ResponsesCall {
  const { received: _, ...call } = aCall();
  return { ...call, operation: 'responses', body: { model: 'gpt-5', input: 'Простое число?', ...limits } };
}

function aMessage(maxTokens: number, more: JsonObject = {}): MessagesCall {
  const { received: _, ...call } = aCall();
  const messages = [{ role: 'user', content: 'Простое число?' }];
  return {
    ...call,
    operation: 'messages',
    body: { model: 'claude-sonnet-5', max_tokens: maxTokens, messages, ...more },
  };
}

describe('limitOutput', () => {
  it.each<[Partial<ChatBody>, Partial<ChatBody>]>([
    [{}, { max_completion_tokens: 100 }],
    [{ max_tokens: null }, { max_completion_tokens: 100, max_tokens: null }],
    [{ max_tokens: 5_000 }, { max_tokens: 100 }],
    [{ max_tokens: 50 }, { max_tokens: 50 }],
    [{ max_completion_tokens: 5_000 }, { max_completion_tokens: 100 }],
    [
      { max_completion_tokens: 5_000, max_tokens: 50 },
      { max_completion_tokens: 100, max_tokens: 50 },
    ],
  ])('makes a chat completion with %j one with %j', (given, limited) => {
    const call = aChat(given);
    const before = structuredClone(call.body);
    const { max_completion_tokens: _newer, max_tokens: _older, ...rest } = before;
    expect(limitOutput(call, 100)).toEqual({ ...call, body: { ...rest, ...limited } });
    expect(call.body).toEqual(before);
  });

  it('leaves every other member as it is, so that its bytes go out as they came', () => {
    const call = aChat({ max_tokens: 5_000, metadata: { note: 'Привет' } });
    const limited = limitOutput(call, 100);
    expect(limited?.received).toBe(call.received);
    expect(limited?.body['messages']).toBe(call.body.messages);
    expect(limited?.body['metadata']).toBe(call.body['metadata']);
  });

  it('knows the field of the Responses API', () => {
    for (const given of [{}, { max_output_tokens: null }, { max_output_tokens: 101 }])
      expect(limitOutput(aResponse(given), 100)?.body).toMatchObject({ max_output_tokens: 100 });
    expect(limitOutput(aResponse({ max_output_tokens: 99 }), 100)?.body).toMatchObject({ max_output_tokens: 99 });
  });

  it.each<[number, number, number | undefined]>([
    [2_000, 4_000, 2_000],
    [2_000, 2_000, 1_024],
    [2_000, 1_025, 1_024],
    [2_000, 1_024, undefined],
    [1_024, 100, undefined],
  ])('keeps a thinking budget of %i below a limit of %i: %s', (budget, limit, kept) => {
    const limited = limitOutput(aMessage(4_000, { thinking: { type: 'enabled', budget_tokens: budget } }), limit);
    if (kept === undefined) expect(limited).toBeUndefined();
    else
      expect(limited?.body).toMatchObject({
        max_tokens: Math.min(limit, 4_000),
        thinking: { type: 'enabled', budget_tokens: kept },
      });
  });

  it('leaves thinking alone that is off, adapts by itself, or stands outside of the limit', () => {
    for (const thinking of [{ type: 'disabled' }, { type: 'adaptive' }, { type: 'enabled', budget_tokens: 30_000 }])
      expect(limitOutput(aMessage(4_000, { thinking }), 100)?.body).toMatchObject({ max_tokens: 100, thinking });
  });

  it('is what the ceiling counts afterwards, for each answer', () => {
    expect(outputCeiling(limitOutput(aChat({ n: 3 }), 100) ?? aChat(), 9_999)).toBe(300);
    expect(outputCeiling(limitOutput(aResponse(), 100) ?? aChat(), 9_999)).toBe(100);
    expect(outputCeiling(limitOutput(aMessage(500), 100) ?? aChat(), 9_999)).toBe(100);
  });
});

describe('outputLimit', () => {
  it('is what the call says, and nothing where it does not', () => {
    expect([{}, { max_tokens: null }, { max_tokens: 7 }].map((limits) => outputLimit(aChat(limits)))).toEqual([
      undefined,
      undefined,
      7,
    ]);
    expect(outputLimit(aChat({ max_tokens: 7, max_completion_tokens: 9 }))).toBe(9);
    expect(outputLimit(aResponse())).toBeUndefined();
    expect(outputLimit(aMessage(5))).toBe(5);
  });
});
