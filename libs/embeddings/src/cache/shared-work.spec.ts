import { describe, expect, it, vi } from 'vitest';
import { SharedWork } from './shared-work.js';

function aWork() {
  const answer = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const begin = vi.fn<(signal: AbortSignal) => Promise<string>>((signal) => {
    signals.push(signal);
    return answer.promise;
  });
  return { answer, begin, signals };
}

describe('SharedWork', () => {
  it('does once what several want at the same time, and anew what is wanted later', async () => {
    const shared = new SharedWork<string>();
    const { answer, begin } = aWork();
    const { signal } = new AbortController();
    const all = [shared.join('a', signal, begin), shared.join('a', signal, begin), shared.join('b', signal, begin)];
    expect(begin).toHaveBeenCalledTimes(2);
    answer.resolve('done');
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done']);
    await shared.join('a', signal, begin);
    expect(begin).toHaveBeenCalledTimes(3);
  });

  it('lets one caller leave at once, and goes on for the others', async () => {
    const shared = new SharedWork<string>();
    const { answer, begin, signals } = aWork();
    const caller = new AbortController();
    const leaving = shared.join('a', caller.signal, begin);
    const staying = shared.join('a', new AbortController().signal, begin);
    const reason = new Error('gone');
    caller.abort(reason);
    await expect(leaving).rejects.toBe(reason);
    expect(signals[0]?.aborted).toBe(false);
    answer.resolve('done');
    expect(await staying).toBe('done');
  });

  it('gives the work up when the last caller has left, so that the next begins anew', async () => {
    const shared = new SharedWork<string>();
    const { answer, begin, signals } = aWork();
    const callers = [new AbortController(), new AbortController()];
    const leaving = callers.map((caller) => shared.join('a', caller.signal, begin));
    for (const caller of callers) caller.abort(new Error('gone'));
    expect((await Promise.allSettled(leaving)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(signals[0]?.aborted).toBe(true);
    // Nobody hears of it, and the process goes on.
    answer.reject(new Error('given up'));
    await expect(shared.join('a', new AbortController().signal, () => Promise.resolve('anew'))).resolves.toBe('anew');
  });

  it('tells all callers of its failure', async () => {
    const shared = new SharedWork<string>();
    const { answer, begin } = aWork();
    const { signal } = new AbortController();
    const all = [shared.join('a', signal, begin), shared.join('a', signal, begin)];
    const error = new Error('failed');
    answer.reject(error);
    expect(await Promise.allSettled(all)).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ]);
  });

  it('begins nothing for a caller who has left already', async () => {
    const { begin } = aWork();
    const reason = new Error('gone');
    await expect(new SharedWork<string>().join('a', AbortSignal.abort(reason), begin)).rejects.toBe(reason);
    expect(begin).not.toHaveBeenCalled();
  });
});
