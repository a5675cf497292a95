import { parseUsd, type Call, type ReplyEnd } from '@parsimony/contract';
import { startSimulator, type SettingsPatch, type Simulator } from '@parsimony/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aMessagesCall, aModerationsCall, aRecording, aResponsesCall, aSpeechCall } from '../../test/calls.js';
import { EgressBench, sumOf } from '../../test/egress-bench.js';
import { Ledger } from '../../test/ledger.js';
import { silence } from '../../test/wav.js';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await Ledger.open();
});
beforeEach(() => ledger.clear());
afterAll(() => ledger[Symbol.asyncDispose]());

interface Stage {
  readonly simulator: Simulator;
  readonly bench: EgressBench;
}

async function against(settings: SettingsPatch, play: (stage: Stage) => Promise<void>): Promise<void> {
  await using simulator = await startSimulator({ settings });
  await using bench = await EgressBench.open(ledger, { baseUrl: `${simulator.url}/v1` });
  await play({ simulator, bench });
}

function billed({ simulator }: Stage): bigint {
  return BigInt(simulator.bill().total.chargedPicoDollars);
}

const MODEL = 'gpt-4.1-mini';
const TOOLS = [{ type: 'function', name: 'now', parameters: { type: 'object', properties: {} } }];

function aResponse(stream: boolean): Call {
  return aResponsesCall({ body: { model: MODEL, input: 'Назови простое число. 😀', stream, tools: TOOLS } });
}

/** Asked in Anthropic's protocol, served by a provider that speaks OpenAI's. */
function aMessage(stream: boolean): Call {
  const call = aMessagesCall({
    body: {
      model: MODEL,
      max_tokens: 100,
      stream,
      system: 'Кратко.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Назови простое число. 😀' }] }],
    },
  });
  return { ...call, target: { provider: 'openai', model: MODEL, tier: null } };
}

const speech = (model: string, more = {}) =>
  aSpeechCall({ body: { model, input: 'Семь — простое число. 😀', voice: 'alloy', ...more } });

describe('what is answered in full stands in the ledger as the provider bills it', () => {
  it.each<[string, () => Call | Promise<Call>]>([
    ['a response', () => aResponse(false)],
    ['a response that streams', () => aResponse(true)],
    ['a message, translated', () => aMessage(false)],
    ['a message that streams, translated', () => aMessage(true)],
    ['speech by the character', () => speech('tts-1')],
    ['dearer speech', () => speech('tts-1-hd')],
    ['speech by the token, in events', () => speech('gpt-4o-mini-tts', { stream_format: 'sse' })],
    ['a transcription by the second', () => aRecording(silence(61.2), { model: 'whisper-1' })],
    ['a transcription by the token', () => aRecording(silence(7), { model: 'gpt-4o-transcribe' })],
  ])('%s', async (_, make) => {
    await against({}, async (stage) => {
      const call = await make();
      const { events, error } = await stage.bench.run(call);
      expect(error).toBeUndefined();
      expect(events.at(-1) as ReplyEnd).toMatchObject({ type: 'end', settlement: 'exact', cost: billed(stage) });
      const rows = await stage.bench.rows();
      expect(rows).toMatchObject([{ operation: call.operation, settlement: 'exact', rung_status: 'ok', closes: true }]);
      expect(sumOf(rows)).toBe(billed(stage));
      expect(billed(stage)).toBeGreaterThan(0n);
      expect(parseUsd(rows[0]?.reserved ?? '0')).toBeGreaterThanOrEqual(billed(stage));
    });
  });

  it('speech and recordings in their own units', async () => {
    await against({}, async ({ bench }) => {
      await bench.run(speech('tts-1'));
      await bench.run(await aRecording(silence(61.2), { model: 'whisper-1' }));
      const rows = await bench.rows();
      expect(rows.find(({ operation }) => operation === 'audio.speech')).toMatchObject({ characters: 23, input: 0 });
      expect(rows.find(({ operation }) => operation === 'audio.transcriptions')).toMatchObject({
        seconds: 62,
        input: 0,
      });
    });
  });

  it('a moderation, free for certain', async () => {
    await against({}, async (stage) => {
      const call = aModerationsCall({ body: { model: 'omni-moderation-latest', input: 'Плохо?' } });
      expect((await stage.bench.run(call)).error).toBeUndefined();
      expect(await stage.bench.rows()).toMatchObject([
        { operation: 'moderations', settlement: 'exact', price_source: 'catalogue', cost: '0.000000000000' },
      ]);
      expect(billed(stage)).toBe(0n);
    });
  });

  it('sound with its type', async () => {
    await against({}, async ({ bench }) => {
      const { events } = await bench.run(speech('tts-1'));
      expect(events[0]).toMatchObject({ type: 'start', contentType: expect.stringMatching(/^audio\//) as string });
    });
  });
});

describe('what is answered without a usage', () => {
  it('costs at least what was seen, and no more than was billed', async () => {
    await against({ usageStyle: 'absent', cachedTokens: { share: 1, minimum: 0, step: 1 } }, async (stage) => {
      expect((await stage.bench.run(aMessage(true))).error).toBeUndefined();
      const rows = await stage.bench.rows();
      expect(rows).toMatchObject([{ settlement: 'at-least', rung_status: 'ok' }]);
      expect(sumOf(rows)).toBeLessThanOrEqual(billed(stage));
      expect(sumOf(rows)).toBeGreaterThan(0n);
      expect(rows[0]?.['output']).toBeGreaterThan(0);
    });
  });
});

describe('what breaks off', () => {
  it.each([
    ['a response', () => aResponse(true)],
    ['a message, translated', () => aMessage(true)],
  ])('costs at least what was seen: %s', async (_, make) => {
    await against({ faults: { cut: 1 } }, async (stage) => {
      const { error } = await stage.bench.run(make());
      expect(error).toMatchObject({ name: 'ProviderStreamCut' });
      const rows = await stage.bench.rows();
      expect(rows).toMatchObject([{ settlement: 'at-least', rung_status: 'failed' }]);
      expect(sumOf(rows)).toBeLessThanOrEqual(billed(stage));
    });
  });
});
