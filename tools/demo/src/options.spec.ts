import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';

describe('readOptions', () => {
  it('has defaults', () => expect(readOptions([])).toEqual({ data: undefined, calls: 400, concurrency: 8 }));

  it('reads what is given', () =>
    expect(readOptions(['--data', 'x', '--calls=7', '--concurrency', '2'])).toEqual({
      data: 'x',
      calls: 7,
      concurrency: 2,
    }));

  it.each([[['--calls', 'many']], [['--calls', '0']], [['--concurrency', '1.5']], [['--call', '1']]])(
    'refuses %j',
    (args) => expect(() => readOptions(args)).toThrow(/--call|--concurrency/),
  );
});
