import { expect, it } from 'vitest';
import { Drains } from './drains.js';

interface Draining {
  readonly drained: Promise<void>;
  readonly abort: () => void;
  readonly end: () => void;
  readonly aborted: () => boolean;
}

/** A drain that ends when told, or when it is aborted. */
function draining(): Draining {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let aborted = false;
  const abort = (): void => {
    aborted = true;
    reject(new Error('aborted'));
  };
  return { drained: promise, abort, end: () => resolve(), aborted: () => aborted };
}

it('waits for what is under way, and lets it finish in peace', async () => {
  const drains = new Drains(60_000, () => undefined);
  const drain = draining();
  drains.add(drain.drained, drain.abort);
  expect(drains.size).toBe(1);
  let finished = false;
  const finish = drains.finish(5000).then(() => (finished = true));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(finished).toBe(false);
  drain.end();
  await finish;
  expect(drains.size).toBe(0);
  expect(drain.aborted()).toBe(false);
});

it('aborts what is still under way when the patience is over, and waits for its end', async () => {
  const faults: unknown[] = [];
  const drains = new Drains(60_000, (error) => faults.push(error));
  const all = [draining(), draining()];
  for (const { drained, abort } of all) drains.add(drained, abort);
  await drains.finish(30);
  expect(all.map(({ aborted }) => aborted())).toEqual([true, true]);
  expect(drains.size).toBe(0);
  expect(faults).toHaveLength(2);
});

it('aborts a provider that never ends its answer', async () => {
  const drains = new Drains(30, () => undefined);
  const drain = draining();
  drains.add(drain.drained, drain.abort);
  await expect.poll(() => drain.aborted()).toBe(true);
  await expect.poll(() => drains.size).toBe(0);
});

it('waits for one that begins while it waits', async () => {
  const drains = new Drains(60_000, () => undefined);
  const [first, second] = [draining(), draining()];
  drains.add(first.drained, first.abort);
  const finish = drains.finish(5000);
  drains.add(second.drained, second.abort);
  first.end();
  setTimeout(second.end, 20);
  await finish;
  expect(drains.size).toBe(0);
});

it('is through at once where nothing is under way', async () => {
  await new Drains(60_000, () => undefined).finish(60_000);
});
