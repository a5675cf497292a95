import { describe, expect, it } from 'vitest';
import { planCalls } from './planned-call.js';

describe('planCalls', () => {
  it('is a function of the seed', () => {
    expect([...planCalls(3, 50)]).toEqual([...planCalls(3, 50)]);
    expect([...planCalls(3, 50)]).not.toEqual([...planCalls(4, 50)]);
  });

  it('streams one call in five; one caller in eight does not stay', () => {
    const calls = [...planCalls(1, 5_000)];
    expect(calls.filter(({ stream }) => stream).length / calls.length).toBeCloseTo(0.2, 1);
    expect(calls.filter(({ leaveAfterMs }) => leaveAfterMs !== undefined).length / calls.length).toBeCloseTo(0.18, 1);
    for (const { body, stream } of calls)
      expect((JSON.parse(body) as { stream?: boolean }).stream ?? false).toBe(stream);
  });
});
