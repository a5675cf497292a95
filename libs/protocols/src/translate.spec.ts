import type { JsonObject } from '@parsimony/contract';
import { UnsupportedParameter } from '@parsimony/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUZZ, FUZZ_TIMEOUT_MS } from '../test/fuzz-cases.js';
import { messageStream } from '../test/messages-arbitraries.js';
import { OPTIONS } from '../test/questions.js';
import { refusalOf } from '../test/refusal-of.js';
import { chatToMessages, messagesToChat } from './messages/index.js';
import { responsesToChat } from './responses/index.js';
import { translate } from './translate.js';
import type { Protocol, Translate } from './translation.js';

const PROTOCOLS: readonly Protocol[] = ['chat.completions', 'responses', 'messages'];

function found(from: Protocol, to: Protocol): Translate {
  const translation = translate(from, to);
  if (translation === undefined) throw new Error(`nothing translates ${from} to ${to}`);
  return translation;
}

describe('translate', () => {
  it('knows the translators', () => {
    expect(translate('chat.completions', 'messages')).toBe(chatToMessages);
    expect(translate('messages', 'chat.completions')).toBe(messagesToChat);
    expect(translate('responses', 'chat.completions')).toBe(responsesToChat);
  });

  it('has nothing for a protocol and itself, nor for providers that speak only Responses', () => {
    for (const protocol of PROTOCOLS) {
      expect(translate(protocol, protocol)).toBeUndefined();
      expect(translate(protocol, 'responses')).toBeUndefined();
    }
  });
});

/** Its refusal is told last in a stream, and with the text, before the calls, in a whole answer. */
function isRefusedCall(message: JsonObject): boolean {
  const content = message['content'] as readonly JsonObject[];
  return message['stop_reason'] === 'refusal' && content.some(({ type }) => type === 'tool_use');
}

describe('from Responses to Messages', () => {
  const body = {
    model: 'm',
    instructions: 'Кратко.',
    input: 'Назови простое число.',
    max_output_tokens: 50,
    stream: true,
  };
  const usage = { input_tokens: 10, cache_read_input_tokens: 4, output_tokens: 2 };
  const text = 'Два 🙂';

  it('carries the request through chat completions', () => {
    expect(found('responses', 'messages')(body, OPTIONS).request).toMatchObject({
      model: 'a-model',
      max_tokens: 50,
      system: 'Кратко.',
      messages: [{ role: 'user', content: 'Назови простое число.' }],
      stream: true,
    });
  });

  it('refuses by name what the second step refuses', () => {
    const act = (): unknown => found('responses', 'messages')({ ...body, temperature: 1.5 }, OPTIONS);
    expect(refusalOf(act)).toEqual({ class: UnsupportedParameter, param: 'temperature' });
  });

  it('carries an answer back', () => {
    const message = { type: 'message', content: [{ type: 'text', text }], stop_reason: 'end_turn', usage };
    const answer = found('responses', 'messages')({ ...body, stream: false }, OPTIONS).answer(message);
    expect(answer).toMatchObject({
      object: 'response',
      status: 'completed',
      usage: { input_tokens: 14, output_tokens: 2 },
    });
    expect(JSON.stringify(answer['output'])).toContain(text);
  });

  it('carries a stream back, event by event', () => {
    const stream = found('responses', 'messages')(body, OPTIONS).stream();
    const events: JsonObject[] = [
      { type: 'message_start', message: { content: [], usage } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ];
    const typesOf = (translated: readonly JsonObject[]): unknown[] => translated.map(({ type }) => type);
    expect(typesOf(stream.push(events[0] ?? {}))).toContain('response.created');
    expect(typesOf(events.slice(1).flatMap((event) => stream.push(event)))).toContain('response.output_text.delta');
    const last = stream.finish().at(-1);
    expect(last).toMatchObject({
      type: 'response.completed',
      response: { usage: { input_tokens: 14, output_tokens: 2 } },
    });
  });

  it('shows an error of the provider as the caller’s protocol does', () => {
    const stream = found('responses', 'messages')(body, OPTIONS).stream();
    stream.push({ type: 'message_start', message: { content: [] } });
    const shown = stream.push({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    expect(JSON.stringify(shown)).toContain('Overloaded');
  });

  it('says in a stream what the whole answer says', { timeout: FUZZ_TIMEOUT_MS }, () => {
    const translation = found('responses', 'messages')(body, OPTIONS);
    fc.assert(
      fc.property(
        messageStream.filter(({ message }) => !isRefusedCall(message)),
        ({ message, events }) => {
          const stream = translation.stream();
          const translated = [...events.flatMap((event) => stream.push(event)), ...stream.finish()];
          expect(translated.at(-1)?.['response']).toEqual(translation.answer(message));
        },
      ),
      FUZZ,
    );
  });
});
