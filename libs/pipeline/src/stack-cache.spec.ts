import { describe, expect, it } from 'vitest';
import { StackCache } from './stack-cache.js';

describe('StackCache', () => {
  it('builds once per revision of a tenant', () => {
    const built: string[] = [];
    const cache = new StackCache(({ id, revision }) => {
      built.push(`${id}@${revision}`);
      return { of: `${id}@${revision}` };
    });
    const first = cache.get({ id: 'a', revision: 1 });
    expect(cache.get({ id: 'a', revision: 1 })).toBe(first);
    expect(cache.get({ id: 'b', revision: 1 })).toEqual({ of: 'b@1' });
    expect(cache.get({ id: 'a', revision: 2 })).toEqual({ of: 'a@2' });
    expect(first).toEqual({ of: 'a@1' });
    expect(built).toEqual(['a@1', 'b@1', 'a@2']);
  });

  it('keeps nothing of a building that failed', () => {
    let attempts = 0;
    const cache = new StackCache(() => {
      attempts += 1;
      if (attempts === 1) throw new Error('not yet');
      return attempts;
    });
    expect(() => cache.get({ id: 'a', revision: 1 })).toThrow('not yet');
    expect(cache.get({ id: 'a', revision: 1 })).toBe(2);
  });
});
