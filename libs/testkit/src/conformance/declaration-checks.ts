import { CONTRACT_VERSION, PLUGIN_MARK, STAGES } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { hasLayer, type ConformanceCheck } from './subject.js';

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

export const DECLARATION_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'is made by definePlugin, for the contract of today',
    run: async ({ plugin }) => {
      assert.equal(plugin.contract, CONTRACT_VERSION, 'the contract that it is written for');
      assert.ok(PLUGIN_MARK in plugin, 'it bears the mark of definePlugin');
      assert.ok(Object.isFrozen(plugin), 'nobody can change it after it was loaded');
    },
  },
  {
    name: 'bears a name that a tenant document can use',
    run: async ({ plugin }) => assert.match(plugin.name, NAME),
  },
  {
    name: 'says where its layer stands',
    concerns: hasLayer,
    run: async ({ plugin }) => {
      assert.ok(
        plugin.stage && STAGES.includes(plugin.stage),
        `no stack has room for a layer of stage ${plugin.stage}`,
      );
    },
  },
  {
    name: 'says what becomes of a call when it breaks or takes too long',
    run: async ({ plugin }) => {
      assert.ok(['fail', 'bypass'].includes(plugin.onFailure), `onFailure is ${plugin.onFailure}`);
      assert.ok(Number.isFinite(plugin.ownTimeMs) && plugin.ownTimeMs > 0, `ownTimeMs is ${plugin.ownTimeMs}`);
    },
  },
];
