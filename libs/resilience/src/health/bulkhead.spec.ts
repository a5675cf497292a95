import { ProviderBusy } from '@parsimony/contract';
import { expect, it } from 'vitest';
import { Bulkhead } from './bulkhead.js';

const NEVER = new AbortController().signal;

it('has so many places', () => {
  const bulkhead = new Bulkhead({ limit: 2, queue: 0, longestWaitMs: 10 });
  expect([bulkhead.tryEnter(), bulkhead.tryEnter(), bulkhead.tryEnter()]).toEqual([true, true, false]);
  bulkhead.leave();
  expect(bulkhead.tryEnter()).toBe(true);
});

it('hands a place to the one that has waited longest', async () => {
  const bulkhead = new Bulkhead({ limit: 1, queue: 2, longestWaitMs: 5000 });
  bulkhead.tryEnter();
  const order: string[] = [];
  const waiting = ['first', 'second'].map((name) => bulkhead.enter('openai', NEVER).then(() => order.push(name)));
  bulkhead.leave();
  await waiting[0];
  expect([order, bulkhead.active, bulkhead.waiting]).toEqual([['first'], 1, 1]);
  bulkhead.leave();
  await waiting[1];
  bulkhead.leave();
  expect([order, bulkhead.active, bulkhead.waiting]).toEqual([['first', 'second'], 0, 0]);
});

it('gives up after a while, and then no place is lost to the one that gave up', async () => {
  const bulkhead = new Bulkhead({ limit: 1, queue: 1, longestWaitMs: 5 });
  bulkhead.tryEnter();
  await expect(bulkhead.enter('openai', NEVER)).rejects.toThrow(ProviderBusy);
  bulkhead.leave();
  expect([bulkhead.active, bulkhead.waiting]).toEqual([0, 0]);
});

it('loses no place where one gives up in the moment in which another leaves', async () => {
  const bulkhead = new Bulkhead({ limit: 1, queue: 1, longestWaitMs: 5000 });
  bulkhead.tryEnter();
  const abort = new AbortController();
  const waiting = bulkhead.enter('openai', abort.signal);
  abort.abort();
  bulkhead.leave();
  await expect(waiting).rejects.toThrow(ProviderBusy);
  expect(bulkhead.active).toBe(0);
});
