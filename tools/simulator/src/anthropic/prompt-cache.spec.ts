import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { anthropicOf, askClaude } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';
import type { CacheMark } from './cache-mark.js';
import type { PromptBlock } from './prompt-block.js';
import { PromptCache } from './prompt-cache.js';

const MINUTE = 60_000;

function block(identity: string, tokens: number, mark: CacheMark | null = null): PromptBlock {
  return { identity, tokens, mark };
}

/** A cache whose clock the spec moves, asked in the way of a request. */
function timedCache() {
  let now = 0;
  const cache = new PromptCache(() => now);
  const ask = (blocks: readonly PromptBlock[], owner = 'key model', minimum = 0) => {
    const { use, remember } = cache.plan(owner, blocks, minimum, 'remember');
    remember();
    return use;
  };
  return { cache, ask, pass: (milliseconds: number) => (now += milliseconds) };
}

describe('the prompt cache', () => {
  it('writes a marked prefix first and reads it after', () => {
    const { ask } = timedCache();
    const blocks = [block('tools', 100), block('system', 50, '5m'), block('question', 7)];
    expect(ask(blocks)).toEqual({ read: 0, write: 150, writeLong: 0 });
    expect(ask(blocks)).toEqual({ read: 150, write: 0, writeLong: 0 });
    expect(ask([block('tools', 100), block('system', 50, '5m'), block('another', 9)])).toMatchObject({ read: 150 });
    expect(ask([block('other tools', 90), block('system', 50, '5m')])).toMatchObject({ read: 0, write: 140 });
  });

  it('reads what an earlier turn wrote, although the mark has moved on', () => {
    const { ask } = timedCache();
    ask([block('system', 50), block('first', 10, '5m')]);
    const second = [block('system', 50), block('first', 10), block('answer', 20), block('second', 5, '5m')];
    expect(ask(second)).toEqual({ read: 60, write: 25, writeLong: 0 });
  });

  it('looks back twenty blocks and no further', () => {
    const turns = (count: number): PromptBlock[] => Array.from({ length: count }, (_, index) => block(`${index}`, 1));
    for (const [further, read] of [
      [18, 51],
      [19, 0],
    ] as const) {
      const { ask } = timedCache();
      ask([block('system', 50), block('first', 1, '5m')]);
      const blocks = [block('system', 50), block('first', 1), ...turns(further), block('last', 1, '5m')];
      expect(ask(blocks).read).toBe(read);
    }
  });

  it('forgets after five minutes, or after an hour, without use', () => {
    for (const [mark, lifetime] of [
      ['5m', 5 * MINUTE],
      ['1h', 60 * MINUTE],
    ] as const) {
      const { ask, pass } = timedCache();
      const blocks = [block('system', 50, mark)];
      ask(blocks);
      pass(lifetime - 1);
      expect(ask(blocks).read).toBe(50);
      pass(lifetime - 1);
      expect(ask(blocks).read).toBe(50);
      pass(lifetime);
      expect(ask(blocks).read).toBe(0);
    }
  });

  it('tells both lifetimes apart in one prompt', () => {
    const { ask, pass } = timedCache();
    const blocks = [block('system', 50, '1h'), block('document', 30, '5m'), block('question', 7)];
    expect(ask(blocks)).toEqual({ read: 0, write: 30, writeLong: 50 });
    pass(6 * MINUTE);
    expect(ask(blocks)).toEqual({ read: 50, write: 30, writeLong: 0 });
  });

  it('does not cache what is shorter than the minimum', () => {
    const { ask } = timedCache();
    const blocks = [block('system', 50, '5m'), block('document', 60, '5m')];
    expect(ask(blocks, 'key model', 100)).toEqual({ read: 0, write: 110, writeLong: 0 });
    expect(ask(blocks.slice(0, 1), 'key model', 100)).toEqual({ read: 0, write: 0, writeLong: 0 });
  });

  it('keeps keys and models apart, and forgets all when it is cleared', () => {
    const { cache, ask } = timedCache();
    const blocks = [block('system', 50, '5m')];
    ask(blocks);
    expect(ask(blocks, 'other model')).toMatchObject({ read: 0 });
    cache.clear();
    expect(ask(blocks)).toMatchObject({ read: 0, write: 50 });
  });

  it('does not remember a prompt that was not processed', () => {
    const { cache } = timedCache();
    const blocks = [block('system', 50, '5m')];
    cache.plan('key', blocks, 0, 'remember');
    expect(cache.plan('key', blocks, 0, 'remember').use).toMatchObject({ read: 0, write: 50 });
  });
});

describe('cache_control', () => {
  const LONG_TEXT = Array.from({ length: 1100 }, (_, index) => `word${index % 7}`).join(' ');

  async function usage(
    simulator: Simulator,
    system: Anthropic.TextBlockParam[],
    key?: string,
  ): Promise<Partial<Anthropic.Usage>> {
    const { usage: used } = await anthropicOf(simulator, key).messages.create({ ...askClaude('Hello'), system });
    return {
      cache_creation_input_tokens: used.cache_creation_input_tokens,
      cache_read_input_tokens: used.cache_read_input_tokens,
      input_tokens: used.input_tokens,
    };
  }
  const marked = (text: string): Anthropic.TextBlockParam[] => [
    { type: 'text', text, cache_control: { type: 'ephemeral' } },
  ];

  it('is per key, and has a shortest prefix as the model has it', async () => {
    await using simulator = await startSimulator();
    const first = await usage(simulator, marked(LONG_TEXT));
    expect(first).toMatchObject({ cache_read_input_tokens: 0, input_tokens: 7 });
    expect(first.cache_creation_input_tokens).toBeGreaterThan(1024);
    expect(await usage(simulator, marked(LONG_TEXT))).toEqual({
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: first.cache_creation_input_tokens,
      input_tokens: 7,
    });
    expect(await usage(simulator, marked(LONG_TEXT), 'sk-another-key-00002')).toEqual(first);
    expect(await usage(simulator, marked('Short.'))).toMatchObject({ cache_creation_input_tokens: 0, input_tokens: 9 });
  });

  it('may always write, always read, or do nothing, by the settings', async () => {
    await using simulator = await startSimulator({ settings: { promptCache: { minimum: 0 } } });
    for (const [mode, written, read] of [
      ['write', 2, 0],
      ['write', 2, 0],
      ['read', 0, 2],
      ['off', 0, 0],
    ] as const) {
      simulator.configure({ promptCache: { mode } });
      expect(await usage(simulator, marked('Short.'))).toEqual({
        cache_creation_input_tokens: written,
        cache_read_input_tokens: read,
        input_tokens: 9 - written - read,
      });
    }
  });

  it('begins anew with the seed, so that a run can be repeated', async () => {
    await using simulator = await startSimulator({ settings: { promptCache: { minimum: 0 } } });
    const first = await usage(simulator, marked('Short.'));
    simulator.configure({ seed: 1 });
    expect(await usage(simulator, marked('Short.'))).toEqual(first);
  });

  it('of the request itself marks the last block', async () => {
    await using simulator = await startSimulator({ settings: { promptCache: { minimum: 0 } } });
    const request = { ...askClaude('Hello'), cache_control: { type: 'ephemeral' as const } };
    const { usage: used } = await anthropicOf(simulator).messages.create(request);
    // What frames the prompt is never cached.
    expect(used).toMatchObject({ input_tokens: 3, cache_creation_input_tokens: 4 });
  });

  it('is not written where the request fails', async () => {
    await using simulator = await startSimulator({
      settings: { promptCache: { minimum: 0 }, faults: { server_error: 1 } },
    });
    await expect(usage(simulator, marked('Short.'))).rejects.toThrow();
    simulator.configure({ faults: { server_error: 0 } });
    expect(await usage(simulator, marked('Short.'))).toMatchObject({ cache_creation_input_tokens: 2 });
  });
});
