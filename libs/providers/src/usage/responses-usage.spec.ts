import { NO_USAGE } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { responsesUsage } from './responses-usage.js';

const USAGE = {
  input_tokens: 3000,
  input_tokens_details: { cached_tokens: 1024, cache_write_tokens: 1500 },
  output_tokens: 500,
  output_tokens_details: { reasoning_tokens: 320 },
  total_tokens: 3500,
};

describe('responsesUsage', () => {
  it('takes what is reported inside another figure out of it', () => {
    expect(responsesUsage({ usage: USAGE }, 'inside')).toEqual({
      ...NO_USAGE,
      input: 476,
      cachedInput: 1024,
      cacheWrite: 1500,
      output: 180,
      reasoning: 320,
    });
  });

  it('counts the searches among the output items, not the pages that were opened', () => {
    const output = [
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'простые числа' } },
      { type: 'web_search_call', status: 'completed', action: { type: 'open_page', url: 'https://example.org' } },
      { type: 'web_search_call', status: 'failed', action: { type: 'search' } },
      { type: 'web_search_call', status: 'completed' },
      { type: 'message', content: [{ type: 'output_text', text: 'web_search_call' }] },
      null,
    ];
    expect(responsesUsage({ usage: USAGE, output }, 'inside')).toMatchObject({ searches: 2 });
    expect(responsesUsage({ usage: USAGE, output: 'none' }, 'inside')).toMatchObject({ searches: 0 });
  });

  it('finds reasoning beside the output by the total', () => {
    const usage = { input_tokens: 10, output_tokens: 20, total_tokens: 80 };
    expect(responsesUsage({ usage }, 'by-total')).toEqual({ ...NO_USAGE, input: 10, output: 20, reasoning: 50 });
  });

  it.each([
    {},
    { usage: null },
    { usage: [] },
    { usage: { input_tokens: 1 } },
    { usage: { ...USAGE, input_tokens: -3 } },
    { usage: { ...USAGE, output_tokens: '500' } },
    { usage: { ...USAGE, output_tokens: 0.5 } },
  ])('is null where none was reported, or one that cannot be true: %j', (response) => {
    expect(responsesUsage(response, 'inside')).toBeNull();
  });
});
