import { NO_USAGE, ProviderInvalidAnswer, ProviderStreamCut, type Call } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { aModerationsCall, aSpeechCall, aTarget, aTranscriptionCall } from '../../test/calls.js';
import { startHttpServer, startRawServer } from '../../test/loopback-server.js';
import { pullAll, wireOf } from '../../test/pull.js';
import { testProvider } from '../../test/test-provider.js';
import type { ProviderEvent } from '../provider-adapter.js';

const SOUND = Buffer.from([0xff, 0xfb, 0x90, 0x00, 0x0a, 0x0a, 0x64, 0x61, 0x74, 0x61, 0x3a]);

async function answered(
  call: Call,
  contentType: string,
  ...parts: readonly (string | Buffer)[]
): Promise<ProviderEvent[]> {
  await using server = await startHttpServer(async (_, response) => {
    response.writeHead(200, contentType === '' ? {} : { 'content-type': contentType });
    for (const part of parts) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    response.end();
  });
  await using provider = testProvider({ baseUrl: server.url });
  return await pullAll(provider.send(call, aTarget('model-1')));
}

describe('speech', () => {
  it('passes as it comes, its type on the start, and has no usage of its own', async () => {
    const events = await answered(aSpeechCall(), 'audio/mpeg', SOUND, SOUND, SOUND);
    expect(events[0]).toEqual({ type: 'start', contentType: 'audio/mpeg' });
    expect(events.slice(1, -1)).toEqual(Array.from({ length: 3 }, () => ({ type: 'delta', chunks: [], wire: SOUND })));
    expect(events.at(-1)).toEqual({ type: 'finish', usage: null });
  });

  it('may come as events, which report it', async () => {
    const wire =
      'data: {"type":"speech.audio.delta","audio":"AAAA"}\n\n' +
      'data: {"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":101,"total_tokens":115}}\n\n';
    const events = await answered(aSpeechCall({ stream_format: 'sse' }), 'text/event-stream', wire);
    expect(events[0]).toEqual({ type: 'start' });
    expect(wireOf(events)).toBe(wire);
    expect(events.at(-1)).toEqual({ type: 'finish', usage: { ...NO_USAGE, input: 14, outputAudio: 101 } });
  });

  it.each([
    ['a page', {}, 'text/html'],
    ['JSON', {}, 'application/json'],
    ['nothing known', {}, ''],
    ['sound for events', { stream_format: 'sse' }, 'audio/mpeg'],
  ])('is refused where it is %s', async (_, fields, contentType) => {
    await expect(answered(aSpeechCall(fields), contentType, '{}')).rejects.toBeInstanceOf(ProviderInvalidAnswer);
  });

  it('is cut where the connection breaks', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 100\r\n\r\n';
    await using server = await startRawServer((socket) => socket.end(`${head}sound`));
    await using provider = testProvider({ baseUrl: server.url });
    await expect(pullAll(provider.send(aSpeechCall(), aTarget('tts')))).rejects.toBeInstanceOf(ProviderStreamCut);
  });
});

describe('a transcription', () => {
  it('is JSON with its usage', async () => {
    const json = '{"text": "Привет 😀", "usage": {"type":"duration","seconds":9}}';
    expect(await answered(aTranscriptionCall({}), 'application/json', json)).toEqual([
      { type: 'start' },
      { type: 'answer', body: JSON.parse(json), wire: Buffer.from(json) },
      { type: 'finish', usage: { ...NO_USAGE, seconds: 9 } },
    ]);
  });

  it.each([
    ['text', 'text/plain; charset=utf-8', 'Привет 😀\n'],
    ['srt', 'text/plain', '1\n00:00:00,000 --> 00:00:01,000\nПривет\n'],
    ['vtt', 'text/vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nПривет\n'],
  ])('may be %s, which reports no usage', async (response_format, contentType, text) => {
    expect(await answered(aTranscriptionCall({ response_format }), contentType, text)).toEqual([
      { type: 'start' },
      { type: 'answer', body: {}, wire: Buffer.from(text), contentType },
      { type: 'finish', usage: null },
    ]);
  });

  it('may be a stream, with its usage at the end', async () => {
    const done = { type: 'transcript.text.done', text: 'Да', usage: { input_tokens: 5, output_tokens: 1 } };
    const wire = `data: {"type":"transcript.text.delta","delta":"Да"}\n\ndata: ${JSON.stringify(done)}\n\n`;
    const events = await answered(aTranscriptionCall({}, { stream: true }), 'text/event-stream', wire);
    expect(wireOf(events)).toBe(wire);
    expect(events.at(-2)).toHaveProperty('final', true);
    expect(events.at(-1)).toEqual({ type: 'finish', usage: { ...NO_USAGE, input: 5, output: 1 } });
  });

  it('may be whole although a stream was asked for, which whisper-1 does', async () => {
    const json = '{"text":"Да","duration":3.2}';
    expect(await answered(aTranscriptionCall({}, { stream: true }), 'application/json', json)).toEqual([
      { type: 'start', contentType: 'application/json' },
      { type: 'delta', chunks: [], wire: Buffer.from(json) },
      { type: 'finish', usage: { ...NO_USAGE, seconds: 4 } },
    ]);
  });

  it.each([
    ['a page', aTranscriptionCall({}), 'text/html', '<html></html>'],
    ['a page for text', aTranscriptionCall({ response_format: 'srt' }), 'text/html; charset=utf-8', '<html></html>'],
    ['text for a stream', aTranscriptionCall({}, { stream: true }), 'text/plain', 'Да'],
  ])('is refused where it is %s', async (_, call, contentType, body) => {
    await expect(answered(call, contentType, body)).rejects.toBeInstanceOf(ProviderInvalidAnswer);
  });
});

describe('a moderation', () => {
  it('passes as it came; OpenAI reports no usage, Mistral does', async () => {
    const free = '{"id":"modr-1","results":[{"flagged":false}]}';
    const [, answer, finish] = await answered(aModerationsCall(), 'application/json', free);
    expect(answer).toMatchObject({ type: 'answer', wire: Buffer.from(free) });
    expect(finish).toEqual({ type: 'finish', usage: null });
    const paid = '{"results":[],"usage":{"prompt_tokens":9,"completion_tokens":0,"total_tokens":9}}';
    expect((await answered(aModerationsCall(), 'application/json', paid)).at(-1)).toEqual({
      type: 'finish',
      usage: { ...NO_USAGE, input: 9 },
    });
  });
});
