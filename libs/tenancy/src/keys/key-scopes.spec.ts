import { PermissionDenied } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { KeyScopes } from './key-scopes.js';

it('is nothing for a key without limits', () => {
  expect(KeyScopes.of(null, null)).toBeNull();
});

it.each([
  [['openai/gpt-4.1-mini'], ['openai/gpt-4.1-mini'], ['openai/gpt-4.1', 'azure/gpt-4.1-mini', 'gpt-4.1-mini']],
  [['gpt-4.1*'], ['gpt-4.1', 'openai/gpt-4.1-mini', 'azure/gpt-4.1'], ['openai/gpt-4o', 'openai/my-gpt-4.1']],
  [['openai/*'], ['openai/gpt-5', 'openai/ft:gpt:a/b'], ['azure/openai', 'xopenai/gpt-5']],
  [['*llama*70b'], ['openrouter/meta-llama/llama-3.3-70b'], ['openrouter/meta-llama/llama-3.3-8b']],
  [['модель/*'], ['модель/рус'], ['model/рус']],
  [['*'], ['anything/at/all'], []],
])('%j allow %j and not %j', (patterns, allowed, refused) => {
  const scopes = KeyScopes.of(patterns, null);
  for (const model of allowed) expect(scopes?.allowsModel(model), model).toBe(true);
  for (const model of refused) expect(scopes?.allowsModel(model), model).toBe(false);
  expect(scopes?.allowsAddress('203.0.113.1')).toBe(true);
});

it('allows addresses of both families, and IPv4 that comes as IPv6', () => {
  const scopes = KeyScopes.of(null, ['203.0.113.0/24', '2001:db8::/32']);
  for (const ip of ['203.0.113.200', '::ffff:203.0.113.200', '2001:db8::1'])
    expect(scopes?.allowsAddress(ip)).toBe(true);
  for (const ip of ['203.0.114.1', '2001:db9::1', '', 'nonsense']) expect(scopes?.allowsAddress(ip)).toBe(false);
  expect(scopes?.allowsModel('openai/gpt-5')).toBe(true);
});

it('refuses in words of the caller', () => {
  const scopes = KeyScopes.of(['openai/*'], ['203.0.113.0/24']);
  expect(() => scopes?.demandModel('openai/gpt-5')).not.toThrow();
  expect(() => scopes?.demandAddress('203.0.113.7')).not.toThrow();
  expect(() => scopes?.demandModel('anthropic/claude')).toThrow(PermissionDenied);
  expect(() => scopes?.demandAddress('198.51.100.7')).toThrow(PermissionDenied);
});
