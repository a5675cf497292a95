import type OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, post, readEvents } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';
import { soundLength } from './sound-length.js';

/** 22 characters, the last of them two UTF-16 units. */
const TEXT = 'Привет, это проверка 🎉';
const CHARACTERS = 22;

let simulator: Simulator;
let client: OpenAI;

beforeEach(async () => {
  simulator = await startSimulator();
  client = clientOf(simulator);
});
afterEach(() => simulator.close());

async function speak(more: Partial<OpenAI.Audio.SpeechCreateParams> = {}): Promise<Response> {
  return client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: TEXT, ...more });
}

describe('a spoken text', () => {
  it.each([
    ['mp3', 'audio/mpeg', 'fffb'],
    ['opus', 'audio/opus', '4f676753'],
    ['aac', 'audio/aac', 'fff1'],
    ['flac', 'audio/flac', '664c6143'],
    ['wav', 'audio/wav', '52494646'],
    ['pcm', 'audio/pcm', ''],
  ] as const)('comes as %s, the same each time', async (response_format, type, signature) => {
    const response = await speak({ response_format });
    expect(response.headers.get('content-type')).toBe(type);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString('hex')).toMatch(new RegExp(`^${signature}`));
    expect(Buffer.from(await (await speak({ response_format })).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('is as long as its header says, and quicker at a higher speed', async () => {
    const slow = Buffer.from(await (await speak({ response_format: 'wav' })).arrayBuffer());
    const quick = Buffer.from(await (await speak({ response_format: 'wav', speed: 2 })).arrayBuffer());
    expect(soundLength(slow)).toBeCloseTo(CHARACTERS * 0.02, 3);
    expect(soundLength(quick)).toBeCloseTo(CHARACTERS * 0.01, 3);
  });

  it.each([
    ['tts-1', 15_000_000],
    ['tts-1-hd', 30_000_000],
  ])('by %s costs %i pico-dollars a character', async (model, price) => {
    await (await speak({ model })).arrayBuffer();
    expect(simulator.bill().total).toEqual({
      calls: 1,
      tokens: { input: 0, cachedInput: 0, output: 0, reasoning: 0, characters: CHARACTERS },
      chargedPicoDollars: String(CHARACTERS * price),
    });
  });

  it('by gpt-4o-mini-tts costs tokens, whether they are said or not', async () => {
    const model = 'gpt-4o-mini-tts';
    const response = await post(
      simulator,
      '/v1/audio/speech',
      JSON.stringify({ model, voice: 'alloy', input: TEXT, stream_format: 'sse' }),
    );
    const events = (await readEvents(response)).map(({ data }) => data);
    const done = events.at(-1) as { type: string; usage: { input_tokens: number; output_tokens: number } };
    expect(done.type).toBe('speech.audio.done');
    // 22 characters at 20 ms are 0.44 s, 20 tokens each.
    expect(done.usage.output_tokens).toBe(9);
    const sound = events.slice(0, -1).map(({ audio }) => Buffer.from(String(audio), 'base64'));
    const amount = done.usage.input_tokens * 600_000 + 9 * 12_000_000;
    expect(simulator.bill().total).toMatchObject({
      tokens: { input: done.usage.input_tokens, outputAudio: 9, output: 0 },
      chargedPicoDollars: String(amount),
    });
    const raw = await speak({ model });
    expect(Buffer.concat(sound).equals(Buffer.from(await raw.arrayBuffer()))).toBe(true);
    expect(simulator.bill().total.chargedPicoDollars).toBe(String(2 * amount));
  });

  it('is charged as far as it came where it is cut', async () => {
    const failing = { model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'x'.repeat(400), user: 'simulator_fault:cut' };
    const response = await post(simulator, '/v1/audio/speech', JSON.stringify(failing));
    await expect(response.arrayBuffer()).rejects.toThrow();
    // 8 s at 20 tokens, half of it.
    expect(simulator.bill().total.tokens.outputAudio).toBe(80);
  });

  it('is not charged with the other faults', async () => {
    for (const [fault, status] of [
      ['rate_limit', 429],
      ['server_error', 500],
      ['garbage', 200],
    ] as const) {
      const body = JSON.stringify({ model: 'tts-1', voice: 'alloy', input: TEXT, user: `simulator_fault:${fault}` });
      expect((await post(simulator, '/v1/audio/speech', body)).status).toBe(status);
    }
    expect(simulator.bill().total.calls).toBe(0);
  });

  it.each([
    ['input', 400, { input: '' }],
    ['input', 400, { input: 'x'.repeat(4097) }],
    ['voice', 400, { voice: 'nobody' }],
    ['response_format', 400, { response_format: 'midi' }],
    ['stream_format', 400, { stream_format: 'sse' }],
    ['speed', 400, { speed: 5 }],
    ['model', 400, { model: 'gpt-4.1' }],
    [null, 404, { model: 'tts-0' }],
  ])('is refused where %s is wrong: %i', async (param, status, change) => {
    const body = { model: 'tts-1', voice: 'alloy', input: 'Hello', ...change };
    const response = await post(simulator, '/v1/audio/speech', JSON.stringify(body));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});
