import { InvalidRequest } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { PROVIDER_KINDS, type ProviderKind } from './provider-config.js';
import { parseProviderSettings } from './provider-settings.js';

describe('parseProviderSettings', () => {
  it.each<[ProviderKind, object]>([
    ['openai', { organization: 'org-1', project: 'proj_1', timeouts: { connectMs: 500, firstByteMs: 60_000 } }],
    ['azure', { apiVersion: '2024-10-21', deployments: { 'gpt-4.1-mini': 'our-mini', модель: 'd' }, connections: 8 }],
    ['anthropic', { timeouts: { betweenBytesMs: 1 } }],
    ['gemini', {}],
    ['mistral', { connections: 4096 }],
    ['compatible', { reasoning: 'beside', sendsUsage: false, protocols: ['responses', 'chat.completions'] }],
  ])('reads those of %s', (kind, settings) => {
    expect(parseProviderSettings(kind, settings)).toEqual(settings);
  });

  it('takes nothing at all for every kind', () => {
    for (const kind of PROVIDER_KINDS) expect(parseProviderSettings(kind, {})).toEqual({});
  });

  it('names a protocol once', () => {
    const protocols = ['messages', 'responses', 'messages'];
    expect(parseProviderSettings('compatible', { protocols })).toEqual({ protocols: ['messages', 'responses'] });
  });

  it.each<[ProviderKind, unknown, string]>([
    ['openai', null, 'settings'],
    ['openai', [], 'settings'],
    ['openai', 'none', 'settings'],
    ['openai', { apiVersion: 'v1' }, 'apiVersion'],
    ['openai', { organisation: 'org' }, 'organisation'],
    ['openai', JSON.parse('{"__proto__":{}}'), '__proto__'],
    ['openai', { constructor: {} }, 'constructor'],
    ['openai', { organization: 'org\r\nx-evil: 1' }, 'organization'],
    ['openai', { project: '' }, 'project'],
    ['openai', { project: null }, 'project'],
    ['openai', { timeouts: 5 }, 'timeouts'],
    ['openai', { timeouts: { totalMs: 5 } }, 'timeouts.totalMs'],
    ['openai', { timeouts: { connectMs: 0 } }, 'timeouts.connectMs'],
    ['openai', { timeouts: { connectMs: 60_001 } }, 'timeouts.connectMs'],
    ['openai', { timeouts: { firstByteMs: 1.5 } }, 'timeouts.firstByteMs'],
    ['openai', { timeouts: { betweenBytesMs: '5' } }, 'timeouts.betweenBytesMs'],
    ['openai', { connections: -1 }, 'connections'],
    ['azure', { apiVersion: '2024-10-21&x=1' }, 'apiVersion'],
    ['azure', { deployments: ['a'] }, 'deployments'],
    ['azure', { deployments: { gpt: '../admin' } }, 'deployments.gpt'],
    ['azure', { deployments: { gpt: 7 } }, 'deployments.gpt'],
    ['compatible', { reasoning: 'nowhere' }, 'reasoning'],
    ['compatible', { sendsUsage: 'yes' }, 'sendsUsage'],
    ['compatible', { protocols: [] }, 'protocols'],
    ['compatible', { protocols: 'chat.completions' }, 'protocols'],
    ['compatible', { protocols: ['messages', 'embeddings'] }, 'protocols[1]'],
    ['anthropic', { protocols: ['messages'] }, 'protocols'],
  ])('refuses for %s %j and names %s', (kind, settings, param) => {
    const parse = (): unknown => parseProviderSettings(kind, settings);
    expect(parse).toThrow(InvalidRequest);
    expect(parse).toThrow(expect.objectContaining({ param }));
  });
});
