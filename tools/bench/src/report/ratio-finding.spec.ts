import { expect, it } from 'vitest';
import { ratioAtLeast, ratioAtMost } from './ratio-finding.js';

const spread = { min: 1, median: 1.5, max: 9 };

it('judges the median and shows the spread', () => {
  expect(ratioAtMost('CPU', spread, 1.5)).toEqual({
    what: 'CPU',
    measured: '1.50 (1.00–9.00) ×',
    target: '≤ 1.5 ×',
    met: true,
  });
  expect(ratioAtMost('CPU', spread, 1.49).met).toBe(false);
  expect(ratioAtLeast('speed', spread, 1.5)).toMatchObject({ target: '≥ 1.5 ×', met: true });
  expect(ratioAtLeast('speed', spread, 1.51).met).toBe(false);
});

it('does not meet what was not measured', () =>
  expect(ratioAtLeast('speed', undefined, 1)).toMatchObject({ measured: 'not measured', met: false }));
