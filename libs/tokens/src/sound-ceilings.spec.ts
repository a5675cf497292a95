import { describe, expect, test } from 'vitest';
import { speechCeilings, spokenCharacters } from './speech.js';
import { transcriptionCeilings } from './transcription-ceiling.js';

describe('speech', () => {
  test.each([
    ['Seven is a prime.', 17],
    ['Семь — простое число.', 21],
    ['😀😀', 2],
    ['👩‍👩‍👧', 5],
    ['', 0],
  ])('%j has %d characters, and never more than are reserved', (input, characters) => {
    const body = { model: 'tts-1', input };
    expect(spokenCharacters(body)).toBe(characters);
    expect(speechCeilings(body).characters).toBeGreaterThanOrEqual(characters);
  });

  test('reserves for instructions, and for sound at a quarter of the speed', () => {
    const input = 'слово '.repeat(150);
    const bounds = speechCeilings({ model: 'gpt-4o-mini-tts', input, instructions: 'я'.repeat(100) });
    expect(bounds.inputTokens).toBeGreaterThanOrEqual(Buffer.byteLength(input) + 200);
    // 900 characters are a minute of 1,250 tokens.
    expect(bounds.outputTokens).toBeGreaterThan(4 * 1250);
  });
});

describe('transcriptions', () => {
  test.each([
    ['an hour of Opus at 6 kbit/s', (3600 * 6000) / 8, 3600],
    ['a minute of MP3 at 8 kbit/s', (60 * 8000) / 8, 60],
    ['ten minutes of WAV', 600 * 32_000, 600],
    ['nothing', 0, 0],
  ])('%s is not longer than what is reserved', (_, bytes, seconds) => {
    const bounds = transcriptionCeilings({ model: 'whisper-1' }, bytes);
    expect(bounds.seconds).toBeGreaterThanOrEqual(Math.max(10, seconds));
    expect(bounds.inputTokens).toBeGreaterThan(16.7 * seconds);
    expect(Number.isInteger(bounds.seconds + bounds.inputTokens + bounds.outputTokens)).toBe(true);
  });

  test('the prompt is read too', () => {
    const bytes = 10_000;
    const [without, withPrompt] = [undefined, 'Имена: Анна, 😀'].map((prompt) =>
      transcriptionCeilings({ model: 'whisper-1', ...(prompt !== undefined && { prompt }) }, bytes),
    );
    expect((withPrompt?.inputTokens ?? 0) - (without?.inputTokens ?? 0)).toBe(Buffer.byteLength('Имена: Анна, 😀'));
  });
});
