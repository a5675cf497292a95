import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EnvironmentError, readProvidersFile } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'parsimony-providers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: unknown): string {
  const path = join(folder, 'providers.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('readProvidersFile', () => {
  it('takes keys from the variables that it names', () => {
    const path = file([
      { name: 'vllm', baseUrl: 'http://vllm.internal:8000/v1/' },
      {
        name: 'openrouter',
        kind: 'compatible',
        baseUrl: 'https://openrouter.ai/api/v1',
        keyVariable: 'OPENROUTER_API_KEY',
        settings: { usage: 'последний кадр' },
      },
    ]);
    expect(readProvidersFile(path, { OPENROUTER_API_KEY: 'sk-or' })).toEqual([
      { name: 'vllm', kind: 'compatible', baseUrl: 'http://vllm.internal:8000/v1', settings: {} },
      {
        name: 'openrouter',
        kind: 'compatible',
        baseUrl: 'https://openrouter.ai/api/v1',
        apiKey: 'sk-or',
        settings: { usage: 'последний кадр' },
      },
    ]);
  });

  it.each([
    ['{', /is no JSON/],
    [{}, /the whole/],
    [[{ name: 'a', baseUrl: 'http://a', apiKey: 'sk-secret' }], /\[0\].*apiKey/],
    [[{ name: 'Ä', baseUrl: 'http://a' }], /\[0\]\.name/],
    [[{ name: 'a', baseUrl: 'ftp://a' }], /\[0\]\.baseUrl/],
    [
      [{ name: 'a', baseUrl: 'http://a', keyVariable: 'NOT_SET' }],
      /\[0\]\.keyVariable: the variable NOT_SET is not set/,
    ],
    [
      [
        { name: 'a', baseUrl: 'http://a' },
        { name: 'a', baseUrl: 'http://b' },
      ],
      /\[1\]\.name: there are two/,
    ],
  ])('refuses %j', (content, message) => {
    const read = () => readProvidersFile(file(content), {});
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/sk-secret/);
  });

  it('says that the file is not there', () => {
    expect(() => readProvidersFile(join(folder, 'absent.json'), {})).toThrow(/cannot be read/);
  });
});
