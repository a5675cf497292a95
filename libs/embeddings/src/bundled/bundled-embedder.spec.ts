import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EmbedderUnavailable } from '@parsimony/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cosine } from '../../test/angles.js';
import { SOURCE_IMPORTS } from '../thread/start-worker.js';
import { openBundledEmbedder, type ProcessEmbedder } from './bundled-embedder.js';

describe('the bundled embedder', () => {
  let embedder: ProcessEmbedder;

  beforeAll(async () => {
    embedder = await openBundledEmbedder();
  });
  afterAll(() => embedder[Symbol.asyncDispose]());

  async function similarity(left: string, right: string): Promise<number> {
    const [first, second] = await embedder.embed([left, right]);
    return cosine(first!, second!);
  }

  it('says what it is', () => {
    expect(embedder).toMatchObject({ id: 'bundled-use-lite', dimensions: 512, multilingual: false });
  });

  it('embeds in the order of the texts, whatever their lengths', async () => {
    const texts = [
      '',
      'a',
      'a cat '.repeat(60),
      'b',
      'a dog '.repeat(200),
      'c',
      'a',
      ...Array.from({ length: 300 }, (_, i) => `text ${i}`),
    ];
    const vectors = await embedder.embed(texts);
    expect(vectors).toHaveLength(texts.length);
    for (const index of [0, 2, 4, 5, 6, 100, 306]) {
      const [alone] = await embedder.embed([texts[index]!]);
      expect(alone).toEqual(vectors[index]);
    }
    expect(await embedder.embed([])).toEqual([]);
  });

  it('puts paraphrases nearer than other questions', async () => {
    const question = 'How do I reset my password?';
    const paraphrase = await similarity(question, 'I forgot my password, how can I get a new one?');
    expect(paraphrase).toBeGreaterThan(0.6);
    expect(paraphrase).toBeGreaterThan((await similarity(question, 'What is the weather like in Paris?')) + 0.3);
  });

  it('cannot tell opposites apart: a similarity alone must never decide', async () => {
    expect(await similarity('enable dark mode', 'disable dark mode')).toBeGreaterThan(0.9);
  });

  it('reads no more than 128 tokens', async () => {
    const long = 'one two three four five six seven eight nine ten '.repeat(30);
    expect(await similarity(`${long} cancel it`, `${long} do not cancel it`)).toBeCloseTo(1, 6);
  });

  // Of Cyrillic it knows о т а е и н р с; all others are one unknown symbol.
  it('does not understand Russian: other questions lie nearer than paraphrases', async () => {
    const question = 'Как сбросить пароль?';
    const paraphrase = await similarity(question, 'Я забыл пароль, как получить новый?');
    const other = await similarity(question, 'Как накормить кошку?');
    expect(other).toBeGreaterThan(paraphrase);
  });

  it('takes Russian words without a letter that it knows for the same', async () => {
    expect(await similarity('шум', 'жгу')).toBeCloseTo(1, 5);
  });

  it('leaves as soon as its caller does', async () => {
    const caller = new AbortController();
    const embedding = embedder.embed(['a text that nobody waits for'], caller);
    const reason = new Error('the caller is gone');
    caller.abort(reason);
    await expect(embedding).rejects.toBe(reason);
    await expect(embedder.embed(['another'], caller)).rejects.toBe(reason);
  });

  it('refuses texts once it is closed, those in flight included', async () => {
    const closing = await openBundledEmbedder();
    const inFlight = closing.embed(['in flight']);
    // Attached before it fails: a rejection that nobody awaits yet ends the run.
    const refused = expect(inFlight).rejects.toThrow(EmbedderUnavailable);
    await new Promise((resolve) => setImmediate(resolve));
    await closing[Symbol.asyncDispose]();
    await refused;
    await expect(closing.embed(['later'])).rejects.toThrow(EmbedderUnavailable);
  });

  it('does not keep a process alive', async () => {
    const script = fileURLToPath(new URL('../../test/embed-and-end.ts', import.meta.url));
    const sources = [
      '--conditions=@parsimony/source',
      '--import',
      SOURCE_IMPORTS,
      '--experimental-transform-types',
      '--no-warnings',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [...sources, script], { timeout: 15_000 });
    expect(stdout.trim()).toBe('512');
  });
});
