import { NO_USAGE } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { laterMessagesUsage, messagesUsage } from './messages-usage.js';

const REPORTED = {
  input_tokens: 21,
  cache_read_input_tokens: 4000,
  cache_creation_input_tokens: 1500,
  cache_creation: { ephemeral_5m_input_tokens: 500, ephemeral_1h_input_tokens: 1000 },
  output_tokens: 393,
  output_tokens_details: { thinking_tokens: 300 },
  server_tool_use: { web_search_requests: 3, web_fetch_requests: 9 },
  service_tier: 'standard',
};

describe('messagesUsage', () => {
  it('counts what stands beside input_tokens in buckets of its own', () => {
    expect(messagesUsage(REPORTED)).toEqual({
      ...NO_USAGE,
      input: 21,
      cachedInput: 4000,
      cacheWrite: 500,
      cacheWriteLong: 1000,
      output: 93,
      reasoning: 300,
      searches: 3,
    });
  });

  it('reads the least that is reported, and nulls', () => {
    const least = { ...NO_USAGE, input: 21, output: 4 };
    expect(messagesUsage({ input_tokens: 21, output_tokens: 4 })).toEqual(least);
    const nulls = {
      cache_read_input_tokens: null,
      cache_creation_input_tokens: null,
      cache_creation: null,
      output_tokens_details: null,
      server_tool_use: null,
    };
    expect(messagesUsage({ input_tokens: 21, output_tokens: 4, ...nulls })).toEqual(least);
  });

  it('takes the write for an hour as a part of what was written, never more', () => {
    const usage = messagesUsage({ ...REPORTED, cache_creation: { ephemeral_1h_input_tokens: 9999 } });
    expect(usage).toMatchObject({ cacheWrite: 0, cacheWriteLong: 1500 });
  });

  it.each([
    null,
    'none',
    {},
    { input_tokens: 21 },
    { output_tokens: 4 },
    { ...REPORTED, input_tokens: -1 },
    { ...REPORTED, input_tokens: '21' },
    { ...REPORTED, input_tokens: null },
    { ...REPORTED, output_tokens: 4.5 },
    { ...REPORTED, output_tokens: 2 ** 31 },
    { ...REPORTED, cache_read_input_tokens: -1 },
    { ...REPORTED, cache_creation_input_tokens: 1e300 },
  ])('is null where none was reported, or one that cannot be true: %j', (usage) => {
    expect(messagesUsage(usage)).toBeNull();
  });
});

describe('laterMessagesUsage', () => {
  it('replaces and never adds; null and what is missing stay as they were', () => {
    const started = { ...REPORTED, output_tokens: 1, output_tokens_details: null };
    const delta = { output_tokens: 393, input_tokens: null, cache_read_input_tokens: 4100 };
    expect(laterMessagesUsage(started, delta)).toEqual({
      ...started,
      output_tokens: 393,
      cache_read_input_tokens: 4100,
    });
  });
});
