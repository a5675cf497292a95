import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environmentSchema } from './environment-schema.js';
import { readEnvironment } from './index.js';

const NAMES = Object.keys(environmentSchema.shape).toSorted();
/** For the compose file's PostgreSQL; no process of ours reads it. */
const OF_COMPOSE = ['POSTGRES_PASSWORD'];

function textOf(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

/** Defaults as text, by name; a list's items with commas between them. */
const DEFAULTS: ReadonlyMap<string, string> = new Map(
  Object.entries(readEnvironment({}))
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => [name, (value as string | number | readonly string[]).toString()]),
);

describe('docs/configuration.md', () => {
  const rows = [...textOf('docs/configuration.md').matchAll(/^\| `([A-Z][A-Z\d_]+)` +\| (.*?) +\|/gm)];

  it('has a row for every variable, and for no other', () => {
    expect(rows.map(([, name]) => name).toSorted()).toEqual(NAMES);
  });

  it('says the defaults that hold', () => {
    const stated = new Map(rows.map(([, name = '', text = '']) => [name, /^`(.*)`$/.exec(text)?.[1]]));
    for (const [name, value] of DEFAULTS) expect(stated.get(name), name).toBe(value);
  });
});

describe('.env.example', () => {
  const lines = [...textOf('.env.example').matchAll(/^(# )?([A-Z][A-Z\d_]+)=(.*)$/gm)];

  it('has a line for every variable, and for no other', () => {
    expect(lines.map(([, , name]) => name).toSorted()).toEqual([...NAMES, ...OF_COMPOSE].toSorted());
  });

  it('holds no secret, and nothing but defaults', () => {
    for (const [, , name = '', value] of lines) {
      if (/KEY|SECRET|PASSWORD|TOKEN$/.test(name)) expect(value, name).toBe('');
      else if (DEFAULTS.has(name)) expect(value, name).toBe(DEFAULTS.get(name));
    }
  });

  it('is an environment that a process takes as it stands', () => {
    const set = lines.filter(([, comment]) => comment === undefined).map(([, , name = '', value]) => [name, value]);
    expect(() => readEnvironment(Object.fromEntries(set) as NodeJS.ProcessEnv)).not.toThrow();
  });
});
