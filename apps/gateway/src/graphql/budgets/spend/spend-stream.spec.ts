import { DatabaseUnavailable, InvalidApiKey } from '@parsimony/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SpendStream } from './spend-stream.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** What is spent, who is told of changes, and when it was looked at. */
class Spending {
  connected = true;
  spent: number | Error = 0;
  tookMs = 0;
  readonly looks: number[] = [];
  readonly subscribers = new Set<() => void>();
  readonly stream = new SpendStream(this, () => this.#read());

  subscribe(onNotice: () => void): () => void {
    this.subscribers.add(onNotice);
    return () => void this.subscribers.delete(onNotice);
  }

  notice(spent = this.spent): void {
    this.spent = spent;
    for (const subscriber of this.subscribers) subscriber();
  }

  async #read() {
    this.looks.push(performance.now());
    if (this.tookMs > 0) await new Promise((resolve) => setTimeout(resolve, this.tookMs));
    if (this.spent instanceof Error) throw this.spent;
    return { tick: this.spent, fingerprint: String(this.spent) };
  }
}

/** The ticks as they come, each with the second at which it came. */
function follow(stream: SpendStream<number>): { readonly ticks: [number, number][]; readonly ended: Promise<unknown> } {
  const began = performance.now();
  const ticks: [number, number][] = [];
  const ended = (async () => {
    for await (const tick of stream) ticks.push([Math.round(performance.now() - began) / 1_000, tick]);
  })().catch((error: unknown) => error);
  return { ticks, ended };
}

test('ticks at once, then when something changed, and never more than once a second', async () => {
  const spending = new Spending();
  const { ticks } = follow(spending.stream);
  await vi.advanceTimersByTimeAsync(2_500);
  spending.notice(1);
  for (let n = 2; n <= 20; n++) {
    await vi.advanceTimersByTimeAsync(100);
    spending.notice(n);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ticks).toEqual([
    [0, 0],
    [2.5, 1],
    [3.5, 10],
    [4.5, 20],
  ]);
});

test('is silent about notices that change nothing here', async () => {
  const spending = new Spending();
  const { ticks } = follow(spending.stream);
  for (let n = 0; n < 50; n++) {
    spending.notice();
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(ticks).toEqual([[0, 0]]);
  expect(spending.looks.length).toBeGreaterThan(5);
});

test('looks each second where nobody would tell, and else now and then', async () => {
  const spending = new Spending();
  follow(spending.stream);
  await vi.advanceTimersByTimeAsync(12_500);
  expect(spending.looks).toHaveLength(3);
  spending.connected = false;
  spending.notice();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(spending.looks).toHaveLength(13);
});

test('a look that takes long is not repeated each second', async () => {
  const spending = new Spending();
  spending.tookMs = 500;
  follow(spending.stream);
  for (let n = 0; n < 220; n++) {
    spending.notice();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(spending.looks.map((at) => at - spending.looks[0]!)).toEqual([0, 10_500, 21_000]);
});

test('who leaves is read for no more, whatever it was waiting for', async () => {
  const spending = new Spending();
  const { ended } = follow(spending.stream);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(spending.subscribers.size).toBe(1);
  await spending.stream.return();
  expect(await ended).toBeUndefined();
  expect(spending.subscribers.size).toBe(0);
  const looks = spending.looks.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(spending.looks).toHaveLength(looks);
  expect(await spending.stream.next()).toEqual({ done: true, value: undefined });
});

test('an outage is waited out once something was shown, and said at once before', async () => {
  const away = new DatabaseUnavailable('away');
  const spending = new Spending();
  const { ticks } = follow(spending.stream);
  await vi.advanceTimersByTimeAsync(1_500);
  spending.notice(away);
  await vi.advanceTimersByTimeAsync(10_000);
  spending.notice(7);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ticks.map(([, spent]) => spent)).toEqual([0, 7]);

  const never = new Spending();
  never.spent = away;
  expect(await follow(never.stream).ended).toBe(away);
  expect(never.subscribers.size).toBe(0);
});

test('ends with an error where the caller may no longer look', async () => {
  const spending = new Spending();
  const { ended } = follow(spending.stream);
  await vi.advanceTimersByTimeAsync(1_500);
  const revoked = new InvalidApiKey('this API key was revoked');
  spending.notice(revoked);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await ended).toBe(revoked);
  expect(spending.subscribers.size).toBe(0);
});

test('a stream that nobody pulls is subscribed to nothing', () => {
  expect(new Spending().subscribers.size).toBe(0);
});
