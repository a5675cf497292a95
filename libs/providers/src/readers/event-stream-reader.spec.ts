import { NO_USAGE, ProviderError, ProviderInvalidAnswer, ProviderStreamCut } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { wireOf } from '../../test/pull.js';
import type { ProviderEvent } from '../provider-adapter.js';
import { AudioAccount } from './audio-account.js';
import type { EventAccount } from './event-account.js';
import { EventStreamReader } from './event-stream-reader.js';
import { MessagesAccount } from './messages-account.js';
import { ResponsesAccount } from './responses-account.js';
import { usageReaders } from './usage-readers.js';

function sse(event: { readonly type: string; readonly [name: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

const PING = 'event: ping\ndata: {"type": "ping"}\n\n';
const MESSAGE_START = sse({
  type: 'message_start',
  message: {
    id: 'msg_1',
    usage: {
      input_tokens: 25,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 60,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 50 },
      output_tokens: 1,
    },
  },
});
const TEXT = sse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Два 😀' } });
const STOP = sse({ type: 'message_stop' });

function messageDelta(usage: object | undefined): string {
  return sse({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, ...(usage && { usage }) });
}

function responseEvent(type: string, response: object): string {
  return sse({ type, sequence_number: 9, response: { id: 'resp_1', error: null, ...response } });
}

const RESPONSE_USAGE = {
  input_tokens: 37,
  input_tokens_details: { cached_tokens: 7, cache_write_tokens: 0 },
  output_tokens: 11,
  output_tokens_details: { reasoning_tokens: 6 },
  total_tokens: 48,
};

type Account = 'messages' | 'responses' | 'audio';

const ACCOUNTS: Readonly<Record<Account, () => EventAccount>> = {
  messages: () => new MessagesAccount('sample'),
  responses: () => new ResponsesAccount('sample', usageReaders('inside').ofResponse),
  audio: () => new AudioAccount('sample'),
};

function read(account: Account, chunks: readonly (string | Buffer)[]): ProviderEvent[] {
  const reader = new EventStreamReader('sample', ACCOUNTS[account]());
  const events: ProviderEvent[] = [];
  const emit = (event: ProviderEvent): void => void events.push(event);
  for (const chunk of chunks) reader.read(Buffer.from(chunk), emit);
  reader.finish(emit);
  return events;
}

describe('a stream of messages', () => {
  const usage = messageDelta({ output_tokens: 15 });
  const stream = MESSAGE_START + PING + TEXT + usage + STOP;

  it('passes as it came, its end mark in a delta of its own right before the finish', () => {
    const events = read('messages', [stream]);
    expect(events).toHaveLength(3);
    expect(wireOf(events)).toBe(stream);
    expect(events[0]).not.toHaveProperty('final');
    expect(events[1]).toMatchObject({ type: 'delta', final: true, chunks: [{ type: 'message_stop' }] });
    expect(events[2]).toEqual({
      type: 'finish',
      usage: { ...NO_USAGE, input: 25, cachedInput: 100, cacheWrite: 10, cacheWriteLong: 50, output: 15 },
    });
  });

  it('is the same however the bytes were cut', () => {
    const bytes = Buffer.from(stream);
    const { usage: expected } = read('messages', [stream]).at(-1) as { usage: unknown };
    for (let at = 0; at <= bytes.length; at++) {
      const events = read('messages', [bytes.subarray(0, at), bytes.subarray(at)]);
      expect(wireOf(events)).toBe(stream);
      expect(events.filter((event) => 'final' in event && event.final)).toHaveLength(1);
      expect(events.at(-1)).toEqual({ type: 'finish', usage: expected });
    }
  });

  it('has cumulative figures: the last one counts, they are never added up', () => {
    const growing = [3, 8, 15].map((output_tokens) => messageDelta({ output_tokens })).join('');
    expect(read('messages', [MESSAGE_START + growing + STOP]).at(-1)).toMatchObject({ usage: { output: 15 } });
  });

  it('takes searches and corrected input from its delta', () => {
    const delta = messageDelta({
      input_tokens: 10_682,
      cache_read_input_tokens: 0,
      output_tokens: 510,
      server_tool_use: { web_search_requests: 1 },
    });
    expect(read('messages', [MESSAGE_START + delta + STOP]).at(-1)).toMatchObject({
      usage: { input: 10_682, cachedInput: 0, output: 510, searches: 1 },
    });
  });

  it('has no usage where only the placeholder of its start is there', () => {
    expect(read('messages', [MESSAGE_START + TEXT + STOP]).at(-1)).toEqual({ type: 'finish', usage: null });
    expect(read('messages', [MESSAGE_START + messageDelta(undefined) + STOP]).at(-1)).toMatchObject({ usage: null });
  });

  it('has no usage where the figures cannot be true', () => {
    const absurd = messageDelta({ output_tokens: -15 });
    expect(read('messages', [MESSAGE_START + absurd + STOP]).at(-1)).toEqual({ type: 'finish', usage: null });
  });

  it('talks about its own end without ending', () => {
    const talk = sse({ type: 'content_block_delta', delta: { text: '"message_stop" {"type":"error"}' } });
    expect(wireOf(read('messages', [MESSAGE_START + talk, usage, STOP]))).toBe(MESSAGE_START + talk + usage + STOP);
  });

  it('is cut where the end mark does not come, also after all usage', () => {
    for (const text of ['', PING, MESSAGE_START, MESSAGE_START + TEXT + usage, stream.slice(0, -20)])
      expect(() => read('messages', [text])).toThrow(ProviderStreamCut);
  });

  it('is whole where only the last blank line is missing, which is added', () => {
    for (const missing of [1, 2])
      expect(wireOf(read('messages', [stream.slice(0, -missing)])).trimEnd()).toBe(stream.trimEnd());
  });

  it('hides what comes behind its end', () => {
    expect(wireOf(read('messages', [stream + TEXT, TEXT]))).toBe(stream);
  });

  it.each([
    ['overloaded_error', 529],
    ['rate_limit_error', 429],
    ['api_error', 500],
    ['something_new', 500],
    ['constructor', 500],
  ])('may break off by an error, %s', (type, status) => {
    const body = { type: 'error', error: { type, message: 'Перегрузка' } };
    const error = catchFrom(() => read('messages', [MESSAGE_START, `event: error\ndata: ${JSON.stringify(body)}\n\n`]));
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ status, wire: Buffer.from(JSON.stringify(body)) });
  });
});

describe('a stream of responses', () => {
  const created = responseEvent('response.created', { status: 'in_progress', usage: null });
  const delta = sse({ type: 'response.output_text.delta', delta: '"response.completed"' });

  it.each(['response.completed', 'response.incomplete', 'response.failed'])('ends by %s, with its usage', (type) => {
    const end = responseEvent(type, { usage: RESPONSE_USAGE });
    const events = read('responses', [created + delta, delta + end]);
    expect(wireOf(events)).toBe(created + delta + delta + end);
    expect(events.at(-2)).toMatchObject({ final: true, wire: Buffer.from(end) });
    expect(events.at(-1)).toEqual({
      type: 'finish',
      usage: { ...NO_USAGE, input: 30, cachedInput: 7, output: 5, reasoning: 6 },
    });
  });

  it('has no usage where it failed before it cost anything', () => {
    const failed = responseEvent('response.failed', { usage: null });
    expect(read('responses', [created + failed]).at(-1)).toEqual({ type: 'finish', usage: null });
  });

  it('may break off by an error event', () => {
    const event = sse({ type: 'error', code: 'rate_limit_exceeded', message: 'slow down', param: null });
    const error = catchFrom(() => read('responses', [created + event]));
    expect(error).toMatchObject({ status: 429 });
    expect(JSON.parse(String((error as ProviderError).wire))).toEqual({
      error: { message: 'slow down', type: 'server_error', code: 'rate_limit_exceeded', param: null },
    });
  });

  it('is cut where no end mark comes', () => {
    expect(() => read('responses', [created + delta])).toThrow(ProviderStreamCut);
  });
});

describe('a stream of sound and of transcripts', () => {
  it('gives the usage of speech at its end', () => {
    const audio = sse({ type: 'speech.audio.delta', audio: 'UklGRg==' });
    const done = sse({ type: 'speech.audio.done', usage: { input_tokens: 14, output_tokens: 101 } });
    const events = read('audio', [audio + done]);
    expect(wireOf(events)).toBe(audio + done);
    expect(events.at(-2)).toHaveProperty('final', true);
    expect(events.at(-1)).toEqual({ type: 'finish', usage: { ...NO_USAGE, input: 14, outputAudio: 101 } });
  });

  it('gives the usage of a transcript at its end, hiding a [DONE] that follows', () => {
    const done = sse({
      type: 'transcript.text.done',
      text: 'Привет',
      usage: { type: 'tokens', input_tokens: 10, input_token_details: { audio_tokens: 10 }, output_tokens: 2 },
    });
    const events = read('audio', [sse({ type: 'transcript.text.delta', delta: 'При' }), `${done}data: [DONE]\n\n`]);
    expect(events.at(-1)).toEqual({ type: 'finish', usage: { ...NO_USAGE, inputAudio: 10, output: 2 } });
    expect(wireOf(events)).not.toContain('[DONE]');
  });

  it('knows the end mark of Mistral', () => {
    const done = sse({ type: 'transcription.done', usage: { prompt_audio_seconds: 3, prompt_tokens: 8 } });
    expect(read('audio', [done]).at(-1)).toEqual({ type: 'finish', usage: { ...NO_USAGE, seconds: 3 } });
  });
});

describe('what is no stream of events', () => {
  it.each([
    ['a page', '<html>"usage"</html>\n\n'],
    ['a page without marks', '<html></html>\n\n'],
    ['a page as an event', 'data: <html></html>\n\n'],
    ['JSON that breaks off', 'data: {"type":"message_stop"\n\n'],
    ['a marked text', 'data: "message_stop"\n\n'],
  ])('is refused: %s', (_, text) => {
    expect(() => read('messages', [text, STOP])).toThrow(ProviderInvalidAnswer);
  });

  it('is refused where an event never ends', () => {
    const reader = new EventStreamReader('sample', ACCOUNTS.messages());
    const part = Buffer.alloc(1 << 20, 'x');
    expect(() => {
      for (let megabytes = 0; megabytes < 64; megabytes++) reader.read(part, () => undefined);
    }).toThrow(ProviderInvalidAnswer);
  });
});

function catchFrom(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
