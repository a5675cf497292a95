import { expect, it } from 'vitest';
import { BackgroundQueue } from './background-queue.js';

function queueOf(limits: ConstructorParameters<typeof BackgroundQueue>[1] = {}): {
  queue: BackgroundQueue;
  failures: unknown[];
} {
  const failures: unknown[] = [];
  return { queue: new BackgroundQueue((error) => failures.push(error), limits), failures };
}

it('begins no work before whoever pushed it has gone on', async () => {
  const { queue } = queueOf();
  const steps: string[] = [];
  queue.push(async () => void steps.push('work'), 1);
  steps.push('pushed');
  await Promise.resolve();
  steps.push('went on');
  await queue.idle();
  expect(steps).toEqual(['pushed', 'went on', 'work']);
});

it('drops the oldest of what waits, by count and by bytes, and counts it', async () => {
  const blocked = Promise.withResolvers<void>();
  const { queue } = queueOf({ pieces: 2, bytes: 100, atOnce: 1 });
  const done: number[] = [];
  const started = Promise.withResolvers<void>();
  queue.push(async () => {
    started.resolve();
    await blocked.promise;
  }, 1);
  await started.promise;
  for (const number of [1, 2, 3]) queue.push(async () => void done.push(number), 10);
  queue.push(async () => void done.push(4), 85);
  blocked.resolve();
  await queue.idle();
  expect(done).toEqual([3, 4]);
  expect(queue.dropped).toBe(2);
});

it('goes on behind a piece that throws, and says so', async () => {
  const { queue, failures } = queueOf({ atOnce: 1 });
  const done: string[] = [];
  queue.push(async () => Promise.reject(new Error('broken')), 1);
  queue.push(async () => void done.push('next'), 1);
  await queue.idle();
  expect(done).toEqual(['next']);
  expect(failures).toEqual([new Error('broken')]);
});

it('does what waits when it is given up, but not for longer than it may', async () => {
  const { queue } = queueOf({ atOnce: 1, drainMs: 20 });
  const done: string[] = [];
  queue.push(async () => void done.push('waited'), 1);
  queue.push(() => new Promise(() => undefined), 1);
  queue.push(async () => void done.push('too late'), 1);
  await queue[Symbol.asyncDispose]();
  queue.push(async () => void done.push('after'), 1);
  expect(done).toEqual(['waited']);
  expect(queue.dropped).toBe(2);
});
