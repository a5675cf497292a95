import { format, inspect } from 'node:util';
import { MasterKeyUnavailable } from '@parsimony/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { MasterKeys } from './master-keys.js';
import { Secret } from './secret.js';

const PLAIN = '{"apiKey":"sk-секрет-🔑"}';
const OWNER = 'tenant/credential';

let keys: MasterKeys;
beforeAll(async () => {
  keys = await MasterKeys.from({ current: 'first master key' });
});

describe('a seal', () => {
  it('opens again, and is another one each time', () => {
    const [one, two] = [keys.seal(new Secret(PLAIN), OWNER), keys.seal(new Secret(PLAIN), OWNER)];
    expect(keys.open(one, OWNER).reveal()).toBe(PLAIN);
    expect(one.sealed).not.toEqual(two.sealed);
    expect(one.sealed.includes('sk-')).toBe(false);
    expect(one.masterKeyId).toBe(keys.currentId);
  });

  it('does not open under another owner, nor with a single bit changed anywhere', () => {
    const seal = keys.seal(new Secret(PLAIN), OWNER);
    expect(() => keys.open(seal, 'other/credential')).toThrow(MasterKeyUnavailable);
    for (let at = 0; at < seal.sealed.length; at += 1) {
      const altered = Buffer.from(seal.sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => keys.open({ ...seal, sealed: altered }, OWNER), `byte ${at}`).toThrow(MasterKeyUnavailable);
    }
    for (const length of [0, 1, 45, seal.sealed.length - 1])
      expect(() => keys.open({ ...seal, sealed: seal.sealed.subarray(0, length) }, OWNER)).toThrow(
        MasterKeyUnavailable,
      );
  });

  it('opens by any process with the same text, and by no other', async () => {
    const seal = keys.seal(new Secret(PLAIN), OWNER);
    const same = await MasterKeys.from({ current: 'first master key' });
    expect(same.open(seal, OWNER).reveal()).toBe(PLAIN);
    const other = await MasterKeys.from({ current: 'second master key' });
    expect(() => other.open(seal, OWNER)).toThrow(/which is not set/);
    const rotating = await MasterKeys.from({ current: 'second master key', previous: ['first master key'] });
    expect(rotating.open(seal, OWNER).reveal()).toBe(PLAIN);
    expect(rotating.currentId).toBe(other.currentId);
    expect(() => MasterKeys.none.open(seal, OWNER)).toThrow(MasterKeyUnavailable);
    expect(() => MasterKeys.none.seal(new Secret(PLAIN), OWNER)).toThrow(MasterKeyUnavailable);
  });
});

it('shows a secret to nobody who does not ask for it', () => {
  const secret = new Secret('sk-very-secret');
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    format('%o %s %j', secret, secret, secret),
    Object.values(secret).join(),
    inspect(keys, { depth: 9, showHidden: true }),
  ].join('\n');
  expect(shown).not.toContain('very');
  expect(shown).not.toContain('first master key');
  expect(shown).toContain('[secret]');
  expect(secret.reveal()).toBe('sk-very-secret');
});
