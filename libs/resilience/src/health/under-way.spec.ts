import { describe, expect, it } from 'vitest';
import { UnderWay, type UnderWayEntry } from './under-way.js';

const entry = (): UnderWayEntry => ({ beganAs: 0, place: -1 });

describe('UnderWay', () => {
  it('counts those that began before, whatever has ended meanwhile', () => {
    const underWay = new UnderWay();
    const entries = Array.from({ length: 5 }, entry);
    for (const each of entries) underWay.add(each);
    expect(entries.map((each) => underWay.begunBefore(each))).toEqual([0, 1, 2, 3, 4]);
    underWay.remove(entries[0]!);
    underWay.remove(entries[2]!);
    underWay.remove(entries[2]!);
    expect(underWay.begunBefore(entries[4]!)).toBe(2);
    expect(underWay.begunBefore(entries[1]!)).toBe(0);
    const late = entry();
    underWay.add(late);
    expect(underWay.begunBefore(late)).toBe(3);
  });
});
