import { DatabaseUnavailable } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { reasonOf } from './reason-of.js';

it('says no more than what a log may hold', () => {
  const refused = Object.assign(new Error('invalid input syntax: "тайна"'), { code: '22P02' });
  expect(reasonOf(new DatabaseUnavailable('no connection'))).toBe('no connection');
  expect(reasonOf(refused)).toBe('Error 22P02');
  expect(reasonOf(new TypeError('тайна'))).toBe('TypeError');
  expect(reasonOf('тайна')).toBe('unknown');
});
