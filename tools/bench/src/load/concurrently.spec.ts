import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { concurrently } from './concurrently.js';

const { signal } = new AbortController();

describe('concurrently', () => {
  it('does every item once, and never more at a time than allowed', async () => {
    const done: number[] = [];
    let underWay = 0;
    let most = 0;
    await concurrently([0, 1, 2, 3, 4, 5, 6], 3, signal, async (item) => {
      most = Math.max(most, ++underWay);
      await delay(2);
      done.push(item);
      underWay--;
    });
    expect(done.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
  });

  it('ends with the first failure, after what was under way', async () => {
    const ended: number[] = [];
    const running = concurrently([0, 1, 2, 3, 4, 5], 2, signal, async (item) => {
      if (item === 0) throw new Error('first');
      await delay(5);
      ended.push(item);
    });
    await expect(running).rejects.toThrow('first');
    expect(ended).toEqual([1]);
  });

  it('stops at the signal', async () => {
    const stopping = new AbortController();
    const done: number[] = [];
    const running = concurrently([0, 1, 2, 3], 1, stopping.signal, async (item) => {
      done.push(item);
      if (item === 1) stopping.abort();
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(done).toEqual([0, 1]);
  });
});
