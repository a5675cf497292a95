import type OpenAI from 'openai';
import { toFile } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recording } from '../../test/recording.js';
import { clientOf, KEY, readEvents } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';
import { soundLength } from './sound-length.js';

let simulator: Simulator;
let client: OpenAI;

beforeEach(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterEach(() => simulator.close());

async function sound(seconds: number): Promise<File> {
  return toFile(recording(seconds), 'звук.wav');
}

describe('a transcript', () => {
  it('by whisper-1 costs begun seconds', async () => {
    const transcript = await client.audio.transcriptions.create({ model: 'whisper-1', file: await sound(8.47) });
    expect(transcript.usage).toEqual({ type: 'duration', seconds: 9 });
    // $0.0001 a second.
    expect(simulator.bill().total).toEqual({
      calls: 1,
      tokens: { input: 0, cachedInput: 0, output: 0, reasoning: 0, seconds: 9 },
      chargedPicoDollars: '900000000',
    });
  });

  it.each([
    ['gpt-4o-transcribe', 2_500_000, 6_000_000, 10_000_000],
    ['gpt-4o-mini-transcribe', 1_250_000, 3_000_000, 5_000_000],
  ])('by %s costs tokens of text and of sound', async (model, text, audio, output) => {
    const transcript = await client.audio.transcriptions.create({ model, file: await sound(4), prompt: 'Привет' });
    // 10 tokens a second of sound, 2.5 of what is said in it.
    expect(transcript.usage).toEqual({
      type: 'tokens',
      total_tokens: 52,
      input_tokens: 42,
      input_token_details: { text_tokens: 2, audio_tokens: 40 },
      output_tokens: 10,
    });
    expect(simulator.bill().total).toMatchObject({
      tokens: { input: 2, inputAudio: 40, output: 10 },
      chargedPicoDollars: String(2 * text + 40 * audio + 10 * output),
    });
  });

  it('is streamed, and adds up to the whole one', async () => {
    const request = { model: 'gpt-4o-transcribe', file: await sound(4) };
    const whole = await client.audio.transcriptions.create(request);
    const events = await Array.fromAsync(await client.audio.transcriptions.create({ ...request, stream: true }));
    const deltas = events.flatMap((event) => (event.type === 'transcript.text.delta' ? [event.delta] : []));
    expect(deltas.join('')).toBe(whole.text);
    expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: whole.text, usage: whole.usage });
    const { calls, tokens } = simulator.bill().total;
    expect([calls, tokens.output, tokens.inputAudio]).toEqual([2, 20, 80]);
  });

  it('comes in every format of whisper-1, the same words in each', async () => {
    const base = { model: 'whisper-1', file: await sound(8) };
    const { text } = await client.audio.transcriptions.create(base);
    const verbose = await client.audio.transcriptions.create({
      ...base,
      response_format: 'verbose_json',
      timestamp_granularities: ['word'],
    });
    expect(verbose).toMatchObject({ text, duration: 8, language: 'english', usage: { type: 'duration', seconds: 8 } });
    expect(verbose.segments?.map((segment) => segment.text).join('')).toBe(text);
    expect(verbose.words).toHaveLength(20);
    expect(await client.audio.transcriptions.create({ ...base, response_format: 'text' })).toBe(`${text}\n`);
    const subtitles = await client.audio.transcriptions.create({ ...base, response_format: 'srt' });
    expect(subtitles).toMatch(/^1\n00:00:00,000 --> 00:00:04,000\n.+\n\n2\n00:00:04,000 --> 00:00:08,000\n.+\n\n$/);
    const captions = await client.audio.transcriptions.create({ ...base, response_format: 'vtt' });
    expect(captions).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:04\.000\n/);
  });

  it('depends on the sound, and on nothing else that changes', async () => {
    const request = async (seconds: number): Promise<string> =>
      (await client.audio.transcriptions.create({ model: 'whisper-1', file: await sound(seconds) })).text;
    expect(await request(4)).toBe(await request(4));
    expect(await request(5)).not.toBe(await request(4));
  });
});

describe('a translation', () => {
  it('is whisper-1’s, says no usage and is charged by the second', async () => {
    const translation = await client.audio.translations.create({ model: 'whisper-1', file: await sound(3) });
    expect(Object.keys(translation)).toEqual(['text']);
    expect(simulator.bill().total).toMatchObject({ tokens: { seconds: 3 }, chargedPicoDollars: '300000000' });
    await expect(
      client.audio.translations.create({ model: 'gpt-4o-transcribe', file: await sound(3) }),
    ).rejects.toMatchObject({ status: 400, param: 'model' });
  });
});

describe('a form', () => {
  async function send(
    form: FormData | string,
    headers: Record<string, string> = {},
    path = '/v1/audio/transcriptions',
  ): Promise<Response> {
    return fetch(simulator.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, ...headers },
      body: form,
    });
  }
  function formOf(fields: Record<string, string>, file?: Blob, name = 'sound.wav'): FormData {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    if (file) form.append('file', file, name);
    return form;
  }
  const WHISPER = { model: 'whisper-1' };

  it.each<[string | null, () => FormData]>([
    ['file', () => formOf(WHISPER)],
    ['file', () => formOf(WHISPER, recording(3), 'sound.txt')],
    ['file', () => formOf(WHISPER, recording(0.05))],
    ['model', () => formOf({}, recording(3))],
    ['model', () => formOf({ model: 'gpt-4.1' }, recording(3))],
    ['response_format', () => formOf({ ...WHISPER, response_format: 'doc' }, recording(3))],
    ['response_format', () => formOf({ model: 'gpt-4o-transcribe', response_format: 'srt' }, recording(3))],
  ])('is refused where %s is wrong', async (param, form) => {
    const response = await send(form());
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect(simulator.bill().total.calls).toBe(0);
  });

  it.each([
    ['multipart/form-data', 'no boundary'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhis'],
  ])('that is broken is refused: %s', async (type, body) => {
    const response = await send(body, { 'content-type': type });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: 'Could not parse multipart form.' } });
  });

  it('stands in the log as bytes, not as JSON', async () => {
    await (await send(formOf(WHISPER, recording(3)))).text();
    expect(simulator.requests(1)).toMatchObject([
      { url: '/v1/audio/transcriptions', body: null, charge: { model: 'whisper-1', tokens: { seconds: 3 } } },
    ]);
    expect(simulator.requests(1)[0]?.bytes).toBeGreaterThan(24_000);
  });

  it('may ask for a fault in the field user', async () => {
    for (const [fault, status] of [
      ['rate_limit', 429],
      ['server_error', 500],
    ] as const)
      expect((await send(formOf({ ...WHISPER, user: `simulator_fault:${fault}` }, recording(3)))).status).toBe(status);
    expect(simulator.bill().total.calls).toBe(0);
    const streaming = { model: 'gpt-4o-transcribe', stream: 'true', user: 'simulator_fault:cut' };
    const cut = await send(formOf(streaming, recording(8)));
    await expect(readEvents(cut)).rejects.toThrow();
    expect(simulator.bill().total.tokens).toMatchObject({ inputAudio: 80, output: 10 });
  });
});

describe('the length of a sound', () => {
  it('is in the header of WAVE, whatever stands before the samples', async () => {
    const plain = Buffer.from(await recording(2).arrayBuffer());
    expect(soundLength(plain)).toBe(2);
    const note = Buffer.from('LIST\x05\0\0\0notes\0', 'latin1');
    expect(soundLength(Buffer.concat([plain.subarray(0, 12), note, plain.subarray(12)]))).toBe(2);
    const endless = Buffer.from(plain);
    endless.writeUInt32LE(0xffffffff, 40);
    expect(soundLength(endless)).toBe(2);
  });

  it('is estimated by the size of everything else', () => {
    expect(soundLength(Buffer.alloc(32_000))).toBe(2);
    expect(soundLength(Buffer.from('RIFF'))).toBeLessThan(0.001);
    expect(soundLength(Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), Buffer.alloc(15_988)]))).toBe(1);
  });
});
