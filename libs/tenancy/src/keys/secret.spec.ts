import { expect, it } from 'vitest';
import { hashSecret, newSecret, prefixOf } from './secret.js';

it('makes secrets that differ, and shows little of them', () => {
  const secrets = new Set(Array.from({ length: 100 }, newSecret));
  expect(secrets.size).toBe(100);
  for (const secret of secrets) {
    expect(secret).toMatch(/^psk_[\w-]{43}$/);
    expect(prefixOf(secret)).toHaveLength(12);
  }
  expect(prefixOf('short-admin')).toBe('sho');
});

it('hashes with SHA-256 (FIPS 180-4, test vector "abc")', () => {
  expect(hashSecret('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
