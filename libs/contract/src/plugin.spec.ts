import { describe, expect, it } from 'vitest';
import { CONTRACT_VERSION, definePlugin, PLUGIN_MARK, STAGES } from './plugin.js';
import type { Plugin } from './plugin.js';

const fields: Plugin = {
  contract: 1,
  name: 'sample',
  config: { '~standard': { version: 1, vendor: 'spec', validate: (value) => ({ value }) } },
  configSchema: {},
  needs: [],
  onFailure: 'fail',
  ownTimeMs: 10,
  open: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
};

describe('definePlugin', () => {
  it('keeps the declaration and marks it with the contract', () => {
    const plugin = definePlugin(fields);
    expect(plugin).toMatchObject(fields);
    expect(Reflect.get(plugin, PLUGIN_MARK)).toBe(CONTRACT_VERSION);
    expect(PLUGIN_MARK).toBe(Symbol.for('parsimony.plugin'));
  });

  it('freezes the result, and leaves what it was given as it was', () => {
    const plugin = definePlugin(fields);
    expect(() => Object.assign(plugin, { onFailure: 'bypass' })).toThrow(TypeError);
    expect(plugin.onFailure).toBe('fail');
    expect(Object.isFrozen(fields)).toBe(false);
    expect(PLUGIN_MARK in fields).toBe(false);
  });
});

describe('STAGES', () => {
  it('stand outermost first, with the exact cache outside of the optimiser', () => {
    expect(STAGES).toEqual(['policy', 'exact-cache', 'optimise', 'semantic-cache', 'route', 'batch']);
  });
});
