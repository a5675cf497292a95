import { describe, expect, it } from 'vitest';
import { judgeMemory } from './judge-memory.js';
import { parseResidentMemory, residentMemory } from './resident-memory.js';

const run = (memory: (calls: number) => number) =>
  Array.from({ length: 100 }, (_, index) => ({ x: (index + 1) * 10_000, y: memory((index + 1) * 10_000) }));

describe('judgeMemory', () => {
  it('takes a plateau after a warm-up for flat, noise and all', () => {
    const samples = run((calls) => 300 + Math.min(calls / 5_000, 60) + (calls % 30_000 === 0 ? 8 : -4));
    expect(judgeMemory(samples).finding.met).toBe(true);
  });

  it('finds a leak of 80 bytes a call', () => {
    expect(judgeMemory(run((calls) => 300 + (calls * 80) / 2 ** 20)).finding).toMatchObject({ met: false });
  });

  it('takes no notice of the first half', () => {
    expect(judgeMemory(run((calls) => (calls < 500_000 ? calls / 1_000 : 400))).finding.measured).toBe('+0.00 %');
  });
});

describe('residentMemory', () => {
  it('reads the line of the system', () => expect(parseResidentMemory('Name:\tnode\nVmRSS:\t  204800 kB\n')).toBe(200));
  it('is that of a real process', () => {
    const measured = residentMemory(process.pid);
    expect(measured).toBeGreaterThan(10);
    expect(Math.abs(measured - process.memoryUsage.rss() / 2 ** 20)).toBeLessThan(20);
  });
  it('says so where there is none', () =>
    expect(() => parseResidentMemory('Name:\tkthreadd\n')).toThrow('no resident'));
});
