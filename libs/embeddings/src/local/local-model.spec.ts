import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLocalModel } from './local-model.js';

describe('findLocalModel', () => {
  let folder: string;
  const hubModels = ['Xenova/multilingual-e5-small', 'Xenova/all-MiniLM-L6-v2'];

  function putModel(name: string, config: string): void {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'config.json'), config);
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parsimony-models-'));
    putModel('mini', '{ "hidden_size": 384, "vocab_size": 30522 }');
    putModel('cointegrated/rubert-tiny2', '{ "hidden_size": 312, "vocab_size": 83828 }');
    putModel('distil', '{ "dim": 768, "vocab_size": 119547 }');
    putModel('no-size', '{}');
    putModel('broken', '{');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['mini', { dimensions: 384, multilingual: false, fetched: false, id: 'local-mini' }],
    ['mini@384', { dimensions: 384, name: 'mini' }],
    ['cointegrated/rubert-tiny2', { dimensions: 312, multilingual: true, name: 'cointegrated/rubert-tiny2' }],
    ['distil', { dimensions: 768, multilingual: true }],
    ['no-size@96', { dimensions: 96, multilingual: false, fetched: false }],
    ['Xenova/multilingual-e5-small@384', { dimensions: 384, multilingual: true, fetched: true }],
    ['Xenova/all-MiniLM-L6-v2@384', { dimensions: 384, multilingual: false, fetched: true }],
  ])('finds %s', (name, expected) => {
    expect(findLocalModel(name, { folder, hubModels })).toMatchObject(expected);
  });

  it.each([
    ['absent', 'config.json'],
    ['broken', 'config.json'],
    ['Xenova/whatever-a-tenant-likes@384', 'config.json'],
    ['Xenova/multilingual-e5-small', 'write local/Xenova/multilingual-e5-small@DIMENSIONS'],
    ['no-size', 'write local/no-size@DIMENSIONS'],
    ['mini@512', 'its vectors have 384 numbers'],
    ['', 'no name of a model'],
    ['.', 'no name of a model'],
    ['..', 'no name of a model'],
    ['../mini', 'no name of a model'],
    ['a/../../mini', 'no name of a model'],
    ['mini\0', 'config.json'],
  ])('says why there is no %j', (name, why) => {
    expect(findLocalModel(name, { folder, hubModels })).toContain(why);
  });
});
