import { NO_USAGE } from '@parsimony/contract';
import type { Call } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { estimatedTokens, tokensOf } from './token-estimate.js';

const call = (fields: object): Call => fields as Call;
const bytesOf = (body: object) => ({ bytes: Buffer.from(JSON.stringify(body)), body });

describe('estimatedTokens', () => {
  it('is a quarter of the bytes, Cyrillic ones too, and the answer that the call allows', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'Привет' }], max_tokens: 500, n: 2 };
    const received = bytesOf(body);
    const prompt = Math.ceil(received.bytes.byteLength / 4);
    expect(estimatedTokens(call({ operation: 'chat.completions', body, received }))).toBe(prompt + 1000);
    expect(estimatedTokens(call({ operation: 'chat.completions', body }))).toBe(prompt + 1000);
  });

  it.each([
    ['chat.completions', { model: 'm', messages: [] }],
    ['responses', { model: 'm', input: 'x' }],
    ['embeddings', { model: 'm', input: 'x' }],
  ])('counts no answer where %s names no limit', (operation, body) => {
    const received = bytesOf(body);
    expect(estimatedTokens(call({ operation, body, received }))).toBe(Math.ceil(received.bytes.byteLength / 4));
  });

  it('says nothing of recordings, whose bytes are not text', () => {
    const received = { bytes: Buffer.alloc(1 << 20), body: { model: 'm' } };
    expect(estimatedTokens(call({ operation: 'audio.transcriptions', body: { model: 'm' }, received }))).toBe(0);
  });
});

it('counts every token of a usage once, and nothing that is none', () => {
  const usage = { input: 1, cachedInput: 2, cacheWrite: 4, cacheWriteLong: 8, inputAudio: 16 };
  const written = { output: 32, reasoning: 64, outputAudio: 128, characters: 9_000, seconds: 9_000, searches: 9_000 };
  expect(tokensOf({ ...NO_USAGE, ...usage, ...written })).toBe(255);
});
