import { EmbedderUnavailable } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { MicroBatcher, type MicroBatcherOptions } from './micro-batcher.js';

const STAYS = new AbortController().signal;

/** A batcher whose batches are answered by hand. */
function aBatcher(options?: MicroBatcherOptions) {
  const sent: { readonly texts: readonly string[]; readonly answers: PromiseWithResolvers<Float32Array>[] }[] = [];
  const batcher = new MicroBatcher((texts) => {
    const answers = texts.map(() => Promise.withResolvers<Float32Array>());
    sent.push({ texts, answers });
    return answers.map(({ promise }) => promise);
  }, options);
  return {
    batcher,
    texts: () => sent.map(({ texts }) => texts),
    /** Answers all of a batch by the lengths of its texts. */
    answer: (batch: number) => {
      sent[batch]?.answers.forEach((answer, index) =>
        answer.resolve(Float32Array.of(sent[batch]?.texts[index]?.length ?? 0)),
      );
    },
    refuse: (batch: number, error: Error) => sent[batch]?.answers.forEach((answer) => answer.reject(error)),
  };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('MicroBatcher', () => {
  it('sends the texts of one turn together', async () => {
    const { batcher, texts, answer } = aBatcher();
    const one = batcher.embed('a', STAYS);
    const other = Promise.resolve().then(() => batcher.embed('bb', STAYS));
    await nextTurn();
    expect(texts()).toEqual([['a', 'bb']]);
    answer(0);
    expect(await Promise.all([one, other])).toEqual([Float32Array.of(1), Float32Array.of(2)]);
  });

  it('gathers while the thread is busy, up to a batch', async () => {
    const { batcher, texts, answer } = aBatcher({ maxBatch: 2 });
    const all = [batcher.embed('first', STAYS)];
    await nextTurn();
    for (const text of ['a', 'b', 'c']) all.push(batcher.embed(text, STAYS));
    await nextTurn();
    expect(texts()).toEqual([['first']]);
    answer(0);
    await nextTurn();
    expect(texts()).toEqual([['first'], ['a', 'b']]);
    answer(1);
    await nextTurn();
    expect(texts()).toEqual([['first'], ['a', 'b'], ['c']]);
    answer(2);
    expect((await Promise.all(all)).map(([length]) => length)).toEqual([5, 1, 1, 1]);
  });

  it('refuses texts where too many wait, and takes them again later', async () => {
    const { batcher, answer } = aBatcher({ maxBatch: 1, maxWaiting: 2 });
    const sent = batcher.embed('sent', STAYS);
    await nextTurn();
    const waiting = [batcher.embed('a', STAYS), batcher.embed('b', STAYS)];
    await expect(batcher.embed('c', STAYS)).rejects.toThrow(EmbedderUnavailable);
    answer(0);
    await sent;
    await nextTurn();
    waiting.push(batcher.embed('d', STAYS));
    for (const batch of [1, 2, 3]) {
      answer(batch);
      await nextTurn();
    }
    expect(await Promise.all(waiting)).toHaveLength(3);
  });

  it('does not send what nobody waits for any more', async () => {
    const { batcher, texts, answer } = aBatcher();
    const caller = new AbortController();
    const gone = batcher.embed('gone', caller.signal);
    const stays = batcher.embed('stays', STAYS);
    const reason = new Error('gone');
    caller.abort(reason);
    await expect(gone).rejects.toBe(reason);
    expect(texts()).toEqual([['stays']]);
    answer(0);
    expect(await stays).toEqual(Float32Array.of(5));
  });

  it('goes on after a batch that failed', async () => {
    const { batcher, texts, refuse, answer } = aBatcher();
    const failing = batcher.embed('a', STAYS);
    await nextTurn();
    const next = batcher.embed('b', STAYS);
    const error = new EmbedderUnavailable('it has stopped');
    refuse(0, error);
    await expect(failing).rejects.toBe(error);
    await nextTurn();
    expect(texts()).toEqual([['a'], ['b']]);
    answer(1);
    expect(await next).toEqual(Float32Array.of(1));
  });
});
