import type { Call, ChatBody } from '@parsimony/contract';
import { anEmbeddingsCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { aLedgerCall } from '../../test/a-row.js';
import { aMessagesCall, aModerationsCall, aResponsesCall, aSpeechCall, aTranscriptionCall } from '../../test/calls.js';
import { usageBounds } from './usage-bounds.js';

function received<C extends Call>(call: C): C {
  return { ...call, received: { bytes: Buffer.from(JSON.stringify(call.body)), body: call.body } };
}

describe('usageBounds', () => {
  it.each<[string, Call, object]>([
    [
      'a response',
      aResponsesCall({ body: { model: 'gpt-4o', input: 'Привет', max_output_tokens: 50 } }),
      { outputTokens: 50, searches: 0 },
    ],
    [
      'a response without a limit',
      aResponsesCall({ body: { model: 'gpt-4o', input: 'Hi' } }),
      { outputTokens: 128_000 },
    ],
    [
      'a message that may search',
      aMessagesCall({
        body: {
          model: 'claude-sonnet-5',
          max_tokens: 70,
          messages: [{ role: 'user', content: 'Hi' }],
          tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 4 }],
        },
      }),
      { outputTokens: 70, searches: 4 },
    ],
    ['an embedding', anEmbeddingsCall(), { outputTokens: 0 }],
    ['a moderation', aModerationsCall({ body: { model: 'omni-moderation-latest', input: 'Hi' } }), { outputTokens: 0 }],
    ['speech', aSpeechCall({ body: { model: 'tts-1', input: 'Два 😀' } }), { characters: 6 }],
    ['a recording', aTranscriptionCall(750 * 60, { body: { model: 'whisper-1' } }), { seconds: 61 }],
  ])('%s', (_, call, expected) => {
    for (const each of 'received' in call ? [call] : [call, received(call)]) {
      const bounds = usageBounds(each);
      expect(bounds).toMatchObject(expected);
      expect(bounds.inputTokens).toBeGreaterThan(0);
    }
  });

  it('covers what a layer has put into the body since it was received', () => {
    const call = received(aLedgerCall());
    const found = 'Найдено в документах: '.repeat(1000);
    const messages = [{ role: 'system', content: found }, ...call.body.messages];
    const longer: Call = { ...call, body: { ...call.body, messages } };
    const rise = usageBounds(longer).inputTokens - usageBounds(call).inputTokens;
    expect(rise).toBeGreaterThanOrEqual(Buffer.byteLength(found));
  });

  it('takes a body that a layer has limited for as long as it was, but for the limit', () => {
    const call = received(aLedgerCall());
    const body: ChatBody = { ...call.body, max_completion_tokens: 100 };
    const bounds = usageBounds({ ...call, body });
    expect(bounds.outputTokens).toBe(100);
    expect(bounds.inputTokens - usageBounds(call).inputTokens).toBe('max_completion_tokens'.length + '100'.length);
  });
});
