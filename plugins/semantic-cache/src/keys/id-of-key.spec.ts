import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { idOfKey } from './id-of-key.js';

it('makes UUIDs of version 8 that differ where keys do, in all but six bits', () => {
  const keys = Array.from({ length: 1_000 }, (_, index) => hash('sha256', String(index), 'buffer'));
  const ids = keys.map(idOfKey);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(idOfKey(Buffer.from('00112233445566778899aabbccddeeff'.padEnd(64, '0'), 'hex'))).toBe(
    '00112233-4455-8677-8899-aabbccddeeff',
  );
});

it('reads keys that lie inside of larger buffers', () => {
  const key = hash('sha256', 'ключ', 'buffer');
  const pool = Buffer.concat([Buffer.alloc(7), key]);
  expect(idOfKey(pool.subarray(7))).toBe(idOfKey(key));
});
