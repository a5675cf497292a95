import { NO_USAGE } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { speechUsage, transcriptionUsage } from './audio-usage.js';

describe('transcriptionUsage', () => {
  it('reads tokens, sound apart from text', () => {
    const usage = {
      type: 'tokens',
      input_tokens: 114,
      input_token_details: { text_tokens: 14, audio_tokens: 100 },
      output_tokens: 31,
      total_tokens: 145,
    };
    expect(transcriptionUsage({ text: 'Да', usage })).toEqual({ ...NO_USAGE, input: 14, inputAudio: 100, output: 31 });
  });

  it.each([
    ['the usage', { usage: { type: 'duration', seconds: 9 } }, 9],
    ['a usage with fractions', { usage: { type: 'duration', seconds: 8.47 } }, 9],
    ['verbose JSON of servers that report no usage', { duration: 8.470_000_267, segments: [] }, 9],
    ['Mistral, which reports tokens as well', { usage: { prompt_audio_seconds: 30, prompt_tokens: 150 } }, 30],
    ['silence', { duration: 0 }, 0],
  ])('reads seconds of %s, begun ones whole', (_, answer, seconds) => {
    expect(transcriptionUsage(answer)).toEqual({ ...NO_USAGE, seconds });
  });

  it.each([
    { text: 'Да' },
    { usage: null },
    { usage: {} },
    { usage: { type: 'duration', seconds: -1 } },
    { usage: { type: 'duration', seconds: '9' } },
    { usage: { type: 'tokens', input_tokens: 1.5, output_tokens: 3 } },
    { duration: 1e300 },
    { duration: Number.NaN },
  ])('is null where none was reported, or one that cannot be true: %j', (answer) => {
    expect(transcriptionUsage(answer)).toBeNull();
  });
});

describe('speechUsage', () => {
  it('is text in and sound out', () => {
    const usage = { input_tokens: 14, output_tokens: 101, total_tokens: 115 };
    expect(speechUsage(usage)).toEqual({ ...NO_USAGE, input: 14, outputAudio: 101 });
  });

  it.each([undefined, {}, { input_tokens: 14 }, { input_tokens: -14, output_tokens: 1 }])('is null for %j', (usage) => {
    expect(speechUsage(usage)).toBeNull();
  });
});
