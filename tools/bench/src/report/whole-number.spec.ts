import { expect, it } from 'vitest';
import { wholeNumber } from './whole-number.js';

it('reads whole numbers', () => expect(wholeNumber('calls', '20000')).toBe(20_000));

it.each(['0', '-1', '1.5', 'many', '', '1e99'])('refuses %j and names the option', (text) =>
  expect(() => wholeNumber('calls', text)).toThrow('--calls'),
);
