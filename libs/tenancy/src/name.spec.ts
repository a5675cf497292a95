import { InvalidRequest } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { parseName } from './name.js';

it('takes any script and trims', () => {
  expect(parseName('  Отдел поиска ')).toBe('Отдел поиска');
  expect(parseName('и\u0306')).toBe('й');
  expect(parseName('🦊'.repeat(100))).toHaveLength(200);
});

it.each(['', '   ', 'x'.repeat(101), 'a\u0007b', 'a\nb', '\ud800'])('refuses %j', (name) => {
  expect(() => parseName(name)).toThrow(InvalidRequest);
});
