import { describe, expect, it } from 'vitest';
import { EventQueue } from './event-queue.js';

describe('EventQueue', () => {
  it('gives events in order, whoever comes first', async () => {
    const queue = new EventQueue<number>();
    queue.push(1);
    queue.push(2);
    expect(queue.length).toBe(2);
    expect(await queue.next()).toBe(1);
    expect(await queue.next()).toBe(2);
    const waiting = queue.next();
    queue.push(3);
    expect(await waiting).toBe(3);
    expect(queue.length).toBe(0);
  });

  it('fails behind the events that are there, with the first error, and for ever', async () => {
    const queue = new EventQueue<number>();
    queue.push(1);
    queue.fail(new Error('first'));
    queue.fail(new Error('second'));
    expect(await queue.next()).toBe(1);
    await expect(queue.next()).rejects.toThrow('first');
    await expect(queue.next()).rejects.toThrow('first');
  });

  it('interrupts who waits, and only that one', async () => {
    const queue = new EventQueue<number>();
    queue.interrupt(new Error('nobody waits'));
    const waiting = queue.next();
    queue.interrupt(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
    const again = queue.next();
    queue.push(1);
    expect(await again).toBe(1);
  });
});
