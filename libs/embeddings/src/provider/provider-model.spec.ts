import { describe, expect, it } from 'vitest';
import { parseProviderModel } from './provider-model.js';

describe('parseProviderModel', () => {
  it.each([
    ['openai/text-embedding-3-small', 'openai-text-embedding-3-small', 'openai/text-embedding-3-small', 1536, false],
    ['openai/text-embedding-3-large', 'openai-text-embedding-3-large', 'openai/text-embedding-3-large', 3072, false],
    ['azure/text-embedding-ada-002', 'azure-text-embedding-ada-002', 'azure/text-embedding-ada-002', 1536, false],
    [
      'openai/text-embedding-3-small@512',
      'openai-text-embedding-3-small-512',
      'openai/text-embedding-3-small',
      512,
      true,
    ],
    [
      'openai/text-embedding-3-small@1536',
      'openai-text-embedding-3-small',
      'openai/text-embedding-3-small',
      1536,
      false,
    ],
    ['ollama/nomic-embed-text@768', 'ollama-nomic-embed-text-768', 'ollama/nomic-embed-text', 768, false],
  ])('reads %s', (text, id, name, dimensions, shortened) => {
    expect(parseProviderModel(text)).toEqual({ id, name, dimensions, shortened });
  });

  it('takes slashes in the names of models', () => {
    expect(parseProviderModel('together/BAAI/bge-m3@1024')).toMatchObject({
      name: 'together/BAAI/bge-m3',
      dimensions: 1024,
    });
  });

  it.each([
    'a/b.c@8|a/b-c@8',
    'a/B@8|a/b@8',
    'a-b/c@8|a/b-c@8',
    'a/b_c@8|a/b-c@8',
    'a/b/c@8|a/b-c@8',
    'a/я@8|a/ю@8',
    `a/${'b'.repeat(200)}c@8|a/${'b'.repeat(200)}d@8`,
  ])('never gives two models one id: %s', (pair) => {
    const ids = pair
      .split('|')
      .map((text) => parseProviderModel(text))
      .map((model) => typeof model === 'object' && model.id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+){1,9}$/);
  });

  it.each([
    ['text-embedding-3-small', 'neither provider/model nor provider/model@dimensions'],
    ['openai/', 'neither'],
    ['/model', 'neither'],
    ['openai/text-embedding-3-small@', 'neither'],
    ['openai/text-embedding-3-small@0', 'neither'],
    ['openai/text-embedding-3-small@-5', 'neither'],
    ['openai/text-embedding-3-small@1e3', 'neither'],
    ['openai/text-embedding-3-small@1537', 'at most 1536'],
    ['openai/text-embedding-ada-002@512', '1536 numbers, no fewer'],
    ['ollama/nomic-embed-text', 'write ollama/nomic-embed-text@DIMENSIONS'],
    ['ollama/nomic-embed-text@99999', 'at most 16384'],
  ])('says what is wrong with %j', (text, why) => {
    expect(parseProviderModel(text)).toContain(why);
  });
});
