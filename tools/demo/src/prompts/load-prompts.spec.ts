import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPrompts } from './load-prompts.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parsimony-prompts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('loadPrompts', () => {
  it('uses the prompts of its own, and says so, where no others are', async () => {
    const { prompts, own } = await loadPrompts(undefined, 20, join(folder, 'nowhere'));
    expect(own).toBe(true);
    expect(new Set(prompts.map(({ text }) => text)).size).toBe(20);
    expect(prompts.filter(({ language }) => language === 'ru')).toHaveLength(10);
    expect(prompts.filter(({ language }) => language === 'en')).toHaveLength(10);
  });

  it('does not do so where a folder was asked for', async () => {
    await expect(loadPrompts(join(folder, 'nowhere'), 1)).rejects.toThrow('has none of');
  });

  it('reads the files that are there', async () => {
    await writeFile(join(folder, 'ru_arena_hard.dev.jsonl'), '{"prompt":"Как дела?"}\n');
    expect(await loadPrompts(folder, 2)).toMatchObject({
      own: false,
      prompts: [{ text: 'Как дела?' }, { text: 'Как дела?' }],
    });
  });
});
