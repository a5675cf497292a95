import { expect, it } from 'vitest';
import { encodeLine, sealGroup } from '../journal/journal-line.js';
import { settledRows } from './segment-rows.js';

it('takes settled rows alone, wherever a stretch ends', () => {
  const lines = encodeLine('R', 'reserved') + encodeLine('S', 'first\tС') + encodeLine('S', 'second');
  const stretch = Buffer.concat([sealGroup(lines), sealGroup(encodeLine('S', 'third'))]);
  for (let cut = 0; cut <= stretch.length; cut++) {
    const head = settledRows(stretch.subarray(0, cut));
    const tail = settledRows(stretch.subarray(head.consumed));
    expect(Buffer.concat([head.rows, tail.rows]).toString()).toBe('first\tС\nsecond\nthird\n');
    expect(head.consumed + tail.consumed).toBe(stretch.length);
  }
});
