import { expect, it } from 'vitest';
import { formatTable } from './table.js';

it('puts names to the left and figures to the right, whatever the alphabet', () => {
  const table = formatTable(
    [{ title: 'имя', align: 'left' }, { title: 'calls' }],
    [
      ['пример', '7'],
      ['a', '1,000'],
    ],
  );
  expect(table.split('\n')).toEqual(['имя     calls', '──────  ─────', 'пример      7', 'a       1,000']);
});

it('leaves a cell that a row lacks empty', () => {
  expect(formatTable([{ title: 'a' }, { title: 'b' }], [['1']])).toBe('a  b\n─  ─\n1');
});
