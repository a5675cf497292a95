import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import {
  NO_USAGE,
  ProviderError,
  ProviderInvalidAnswer,
  ProviderStreamCut,
  UnsupportedParameter,
  type Call,
  type JsonObject,
  type ProviderRefused,
} from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { aMessagesCall, aResponsesCall, aTarget } from '../../test/calls.js';
import { startHttpServer, type LoopbackServer } from '../../test/loopback-server.js';
import { pullAll } from '../../test/pull.js';
import { testProvider, type TestProvider } from '../../test/test-provider.js';
import type { ProviderKind } from '../config/provider-config.js';
import type { ProviderEvent } from '../provider-adapter.js';

/** Anthropic's own types hold the events together with its API. */
const MESSAGE_EVENTS = [
  {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 12, cache_read_input_tokens: 100, output_tokens: 1 },
    },
  } as unknown as RawMessageStreamEvent,
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Два ' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '😀' } },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 9 },
  } as unknown as RawMessageStreamEvent,
  { type: 'message_stop' },
] satisfies RawMessageStreamEvent[];

const MESSAGES_STREAM = MESSAGE_EVENTS.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(
  '',
);

function chunk(delta: object, finish_reason: string | null = null): string {
  const head = { id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4.1-mini' };
  return `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}

const CHAT_USAGE = { prompt_tokens: 20, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 8 } };
const CHAT_BUCKETS = { ...NO_USAGE, input: 12, cachedInput: 8, output: 7 };
const CHAT_STREAM = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Два ' }),
  chunk({ content: '😀' }),
  chunk({}, 'stop'),
  `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', choices: [], usage: CHAT_USAGE })}\n\n`,
  'data: [DONE]\n\n',
].join('');

interface Sample extends AsyncDisposable {
  readonly provider: TestProvider;
  /** The bodies that the provider heard, and where. */
  readonly heard: { readonly path: string; readonly body: JsonObject }[];
}

/** A provider that gives one answer. */
async function startSample(kind: ProviderKind, answer: string | Buffer, status = 200): Promise<Sample> {
  const heard: Sample['heard'] = [];
  const server: LoopbackServer = await startHttpServer(async (request, response) => {
    const body = JSON.parse((await request.toArray()).join('')) as JsonObject;
    heard.push({ path: String(request.url), body });
    const type = body['stream'] === true && status === 200 ? 'text/event-stream' : 'application/json';
    response.writeHead(status, { 'content-type': type, 'retry-after': '3' }).end(answer);
  });
  const provider = testProvider({ name: kind, kind, baseUrl: server.url });
  return {
    provider,
    heard,
    [Symbol.asyncDispose]: async () => {
      await provider[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function answered(kind: ProviderKind, answer: string | Buffer, call: Call): Promise<ProviderEvent[]> {
  await using sample = await startSample(kind, answer);
  return await pullAll(sample.provider.send(call, aTarget('model-1')));
}

function chunksOf(events: readonly ProviderEvent[]): readonly JsonObject[] {
  return events.flatMap((event) => (event.type === 'delta' ? event.chunks : []));
}

const STREAMED_MESSAGES = aMessagesCall({ stream: true, body: { ...aMessagesCall().body, stream: true } });
const STREAMED_RESPONSES = aResponsesCall({ stream: true, body: { ...aResponsesCall().body, stream: true } });
const STREAMED_CHAT = aCall({ body: { model: 'm', stream: true, messages: [{ role: 'user', content: 'Привет' }] } });

describe('a call in Messages to a provider of chat completions', () => {
  it('is asked for as a chat completion, its usage included', async () => {
    await using sample = await startSample('compatible', CHAT_STREAM);
    expect(sample.provider.supports('messages')).toBe(true);
    await pullAll(sample.provider.send(STREAMED_MESSAGES, aTarget('model-1')));
    expect(sample.heard).toMatchObject([
      {
        path: '/v1/chat/completions',
        body: {
          model: 'model-1',
          stream: true,
          stream_options: { include_usage: true },
          messages: [{ role: 'user', content: 'Назови простое число 😀' }],
        },
      },
    ]);
    expect(sample.heard[0]?.body).not.toHaveProperty('max_tokens');
  });

  it("streams events of the caller's protocol, the end mark in a delta of its own, with the provider's usage", async () => {
    const events = await answered('compatible', CHAT_STREAM, STREAMED_MESSAGES);
    const chunks = chunksOf(events);
    expect(chunks[0]).toMatchObject({ type: 'message_start' });
    const text = chunks.flatMap(({ delta }) => (delta as { text?: string } | undefined)?.text ?? []).join('');
    expect(text).toBe('Два 😀');
    expect(events.at(-2)).toEqual({ type: 'delta', chunks: [{ type: 'message_stop' }], final: true });
    expect(events.at(-1)).toEqual({ type: 'finish', usage: CHAT_BUCKETS });
    expect(events.filter((event) => 'final' in event)).toHaveLength(1);
    expect(chunks.filter(({ type }) => type === 'message_stop')).toHaveLength(1);
    for (const event of events) expect(event).not.toHaveProperty('wire');
  });

  it('is the same however the bytes were cut', async () => {
    const bytes = Buffer.from(CHAT_STREAM);
    await using server = await startHttpServer(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let at = 0; at < bytes.length; at += 11) {
        response.write(bytes.subarray(at, at + 11));
        await new Promise(setImmediate);
      }
      response.end();
    });
    await using provider = testProvider({ kind: 'compatible', baseUrl: server.url });
    const events = await pullAll(provider.send(STREAMED_MESSAGES, aTarget('m')));
    const whole = await answered('compatible', CHAT_STREAM, STREAMED_MESSAGES);
    const shown = (each: readonly ProviderEvent[]): unknown => JSON.parse(JSON.stringify(chunksOf(each)));
    const text = (each: readonly ProviderEvent[]): string =>
      JSON.stringify(shown(each)).replaceAll(/"id":"[^"]*"/g, '');
    expect(text(events)).toBe(text(whole));
    expect(events.at(-1)).toEqual(whole.at(-1));
  });

  it('keeps the last usage of a provider that repeats it, also where a chunk without it follows', async () => {
    const grown = (completion_tokens: number): string =>
      chunk({ content: 'а' }).replace(
        '}\n',
        `,"usage":{"prompt_tokens":20,"completion_tokens":${completion_tokens}}}\n`,
      );
    const stream = `${grown(1)}${grown(2)}${chunk({}, 'stop')}data: [DONE]\n\n`;
    const events = await answered('compatible', stream, STREAMED_MESSAGES);
    expect(events.at(-1)).toEqual({ type: 'finish', usage: { ...NO_USAGE, input: 20, output: 2 } });
  });

  it('gives a whole answer', async () => {
    const message = { role: 'assistant', content: 'Два 😀' };
    const body = { id: 'c', model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }], usage: CHAT_USAGE };
    const events = await answered('compatible', JSON.stringify(body), aMessagesCall());
    expect(events[1]).toMatchObject({
      type: 'answer',
      body: { type: 'message', content: [{ type: 'text', text: 'Два 😀' }], stop_reason: 'end_turn' },
    });
    expect(events[1]).not.toHaveProperty('wire');
    expect(events[2]).toEqual({ type: 'finish', usage: CHAT_BUCKETS });
  });

  it('names what the other protocol cannot carry, and sends nothing', async () => {
    await using sample = await startSample('compatible', CHAT_STREAM);
    const call = aMessagesCall({ body: { ...aMessagesCall().body, top_k: 5 } });
    const send = (): unknown => sample.provider.send(call, aTarget('m'));
    expect(send).toThrow(UnsupportedParameter);
    expect(send).toThrow(expect.objectContaining({ param: 'top_k' }));
    expect(sample.heard).toEqual([]);
  });

  it("goes to Mistral by Mistral's own names", async () => {
    await using sample = await startSample('mistral', CHAT_STREAM);
    const body = { ...STREAMED_MESSAGES.body, metadata: { user_id: 'user-1' } };
    await pullAll(sample.provider.send({ ...STREAMED_MESSAGES, body }, aTarget('m')));
    const sent = sample.heard[0]?.body ?? {};
    expect(sent).toMatchObject({ model: 'm', max_tokens: 100, stream: true });
    for (const name of ['max_completion_tokens', 'stream_options', 'safety_identifier'])
      expect(sent).not.toHaveProperty(name);
  });
});

describe('a chat completion of a provider of Messages', () => {
  it('streams chunks without an end mark, and hides the usage that was not asked for', async () => {
    const events = await answered('anthropic', MESSAGES_STREAM, STREAMED_CHAT);
    const chunks = chunksOf(events);
    expect(chunks.every(({ object }) => object === 'chat.completion.chunk')).toBe(true);
    expect(JSON.stringify(chunks)).toContain('Два ');
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    expect(events.at(-1)).toEqual({ type: 'finish', usage: { ...NO_USAGE, input: 12, cachedInput: 100, output: 9 } });
    expect(events.some((event) => 'final' in event)).toBe(false);
    expect(JSON.stringify(chunks)).not.toContain('prompt_tokens');
  });

  it('shows the usage to a caller who asked for it, cached tokens inside as OpenAI has them', async () => {
    const body = { ...STREAMED_CHAT.body, stream_options: { include_usage: true } };
    const events = await answered('anthropic', MESSAGES_STREAM, { ...STREAMED_CHAT, body });
    expect(chunksOf(events).at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 112, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 100 } },
    });
  });

  it('is cut where the end mark of Messages does not come', async () => {
    const cut = MESSAGES_STREAM.slice(0, MESSAGES_STREAM.indexOf('event: message_stop'));
    await expect(answered('anthropic', cut, STREAMED_CHAT)).rejects.toBeInstanceOf(ProviderStreamCut);
  });

  it.each([
    ['a page', '<html></html>\n\n'],
    ['a page as an event', 'data: <html></html>\n\n'],
    [
      'an event of the wrong shape',
      'data: {"type":"content_block_delta","delta":7}\n\ndata: {"type":"message_stop"}\n\n',
    ],
  ])('is refused where the stream is %s', async (what, text) => {
    const expected = what === 'a page' ? ProviderStreamCut : ProviderInvalidAnswer;
    await expect(answered('anthropic', text, STREAMED_CHAT)).rejects.toBeInstanceOf(expected);
  });

  it.each([400, 429, 500, 529])(
    "fails with status %i in the caller's shape, in the provider's words",
    async (status) => {
      const error = {
        type: 'error',
        error: { type: 'some_error', message: 'Слишком много запросов' },
        request_id: 'r',
      };
      await using sample = await startSample('anthropic', JSON.stringify(error), status);
      const failed = await failureOf(sample, STREAMED_CHAT);
      expect(failed).toBeInstanceOf(ProviderError);
      expect(failed).toMatchObject({ status, headers: { 'retry-after': '3', 'content-type': 'application/json' } });
      expect(JSON.parse(String((failed as ProviderError).wire))).toEqual({
        error: { message: 'Слишком много запросов', type: 'some_error', code: null, param: null },
      });
    },
  );

  it("fails in the middle of its stream in the caller's shape", async () => {
    const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const broken = `${MESSAGES_STREAM.split('event: content_block_stop')[0]}event: error\ndata: ${JSON.stringify(body)}\n\n`;
    await using sample = await startSample('anthropic', broken);
    const failed = await failureOf(sample, STREAMED_CHAT);
    expect(failed).toMatchObject({ status: 529 });
    expect(JSON.parse(String((failed as ProviderError).wire))).toMatchObject({ error: { message: 'Overloaded' } });
  });

  it('may be answered with a page, or refuse the credential', async () => {
    await using page = await startSample('anthropic', '<html>Bad Gateway</html>', 502);
    expect(await failureOf(page, STREAMED_CHAT)).toMatchObject({ name: 'ProviderError', status: 502 });
    await using refused = await startSample('anthropic', '{}', 401);
    const failed = (await failureOf(refused, STREAMED_CHAT)) as ProviderRefused;
    expect(failed.code).toBe('provider_refused');
  });
});

describe('a call to the Responses API', () => {
  it.each<[ProviderKind, string, object]>([
    ['compatible', CHAT_STREAM, CHAT_BUCKETS],
    ['anthropic', MESSAGES_STREAM, { ...NO_USAGE, input: 12, cachedInput: 100, output: 9 }],
  ])('is served by %s, with its end mark last', async (kind, stream, usage) => {
    const events = await answered(kind, stream, STREAMED_RESPONSES);
    expect(chunksOf(events)[0]).toMatchObject({ type: 'response.created' });
    expect(events.at(-2)).toMatchObject({ final: true, chunks: [{ type: 'response.completed' }] });
    expect(JSON.stringify(chunksOf(events).at(-1))).toContain('Два 😀');
    expect(events.at(-1)).toEqual({ type: 'finish', usage });
  });

  it("reaches a server that speaks Responses itself as the caller's own bytes", async () => {
    const end = { type: 'response.completed', response: { usage: { input_tokens: 3, output_tokens: 2 } } };
    const wire = `event: response.completed\ndata: ${JSON.stringify(end)}\n\n`;
    await using server = await startHttpServer((request, response) => {
      expect(request.url).toBe('/v1/responses');
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(wire);
    });
    const settings = { protocols: ['chat.completions', 'responses'] } as const;
    await using provider = testProvider({ kind: 'compatible', baseUrl: server.url, settings });
    const events = await pullAll(provider.send(STREAMED_RESPONSES, aTarget('gpt')));
    expect(events[1]).toMatchObject({ final: true, wire: Buffer.from(wire) });
    expect(events[2]).toEqual({ type: 'finish', usage: { ...NO_USAGE, input: 3, output: 2 } });
  });
});

async function failureOf({ provider }: Sample, call: Call): Promise<unknown> {
  return pullAll(provider.send(call, aTarget('m'))).then(
    () => undefined,
    (error: unknown) => error,
  );
}
