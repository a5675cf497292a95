import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { corpusOfPairs, readPairs } from './cache/corpus.js';
import { MissingData } from './data/missing-data.js';
import { evaluate } from './program.js';
import { toJson, type Figure } from './report/measure.js';
import { tableOf } from './report/table.js';

const folder = mkdtempSync(join(tmpdir(), 'evaluate-spec-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(...argv: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(text);
  return { code: await evaluate(argv, { print: say, complain: say }), said: lines.join('\n') };
}

it('names the subjects where it is asked for another', async () => {
  const { code, said } = await run('weather', '--data', folder);
  expect(code).toBe(2);
  expect(said).toContain("There is no subject 'weather'. Subjects: cache, cache-train.");
});

it('says which folder is not there', async () => {
  const { code, said } = await run('cache', '--data', join(folder, 'nowhere'));
  expect(code).toBe(2);
  expect(said).toContain('nowhere');
});

it('refuses seeds that are no number', async () => {
  expect(await run('cache', '--seeds', 'many')).toMatchObject({ code: 2 });
  expect(await run()).toMatchObject({ code: 2 });
});

it('finds a set by its name, packed, and splits at line feeds alone', () => {
  const rows = [
    { text_a: 'a\u2028b', text_b: 'c', label: 1 },
    { text_a: 'c', text_b: 'd', label: 1 },
    { text_a: 'd', text_b: 'e', label: 0 },
  ];
  writeFileSync(join(folder, 'qqp.other.jsonl.gz'), gzipSync(rows.map((row) => JSON.stringify(row)).join('\n')));
  const set = readPairs(folder, 'qqp');
  expect(set.rows).toEqual(rows);
  const { texts, classes } = corpusOfPairs('qqp', set);
  expect(texts).toEqual(['a\u2028b', 'c', 'd', 'e']);
  expect(new Set(classes.subarray(0, 3)).size).toBe(1);
  expect(classes[3]).not.toBe(classes[0]);
  expect(() => readPairs(folder, 'banking77')).toThrow(MissingData);
});

it('shows what was missed, and writes the agreed JSON', () => {
  const figure: Figure = {
    name: 'x.error_max',
    value: 0.02,
    interval: [0.01, 0.02],
    baseline: null,
    target: 0.01,
    goal: 'at-most',
    n: 7,
    what: 'error',
  };
  expect(tableOf([figure])).toContain('MISSED');
  expect(tableOf([{ ...figure, goal: 'at-least' }])).toContain('met');
  expect(toJson([figure])).toEqual({
    'x.error_max': { value: 0.02, interval: [0.01, 0.02], baseline: null, target: 0.01, n: 7 },
  });
});
