import { Pool } from 'undici';
import { BillReader } from './bill.js';
import { runCaller, type CallerEnd } from './caller.js';
import type { Target } from './make-call.js';
import { Tally } from './tally.js';
import type { WitnessOptions } from './witness-options.js';
import { shareOf, type WitnessReport } from './witness-report.js';

/**
 * Lets callers hammer a gateway until it has refused them all, and holds what its provider charged meanwhile against the
 * cap. Nobody else may use the provider, or that key of it, at the time.
 *
 * @throws Error where the bill cannot be read, or was cleared meanwhile; the signal's reason where it was aborted.
 */
export async function witness(options: WitnessOptions, signal: AbortSignal): Promise<WitnessReport> {
  const { baseUrls, billUrl, billKey, cap, callers, timeoutMs } = options;
  const reader = new BillReader(billUrl, billKey);
  const before = await reader.read(signal);
  const tally = new Tally();
  const targets = baseUrls.map(targetOf);
  const stopping = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const startedAt = performance.now();
  let ends: readonly CallerEnd[];
  try {
    ends = await Promise.all(
      Array.from({ length: callers * targets.length }, (_, caller) =>
        runCaller(caller, targets, options, tally, stopping),
      ),
    );
  } finally {
    await Promise.all(targets.map(({ dispatcher }) => dispatcher.destroy()));
  }
  signal.throwIfAborted();
  const seconds = (performance.now() - startedAt) / 1000;
  const bill = (await reader.settled(signal)) - before;
  if (bill < 0n) throw new Error('the bill is lower than before: somebody cleared it');
  const ended = (as: CallerEnd): number => ends.filter((end) => end === as).length;
  return {
    answered: tally.answered,
    cut: tally.cut,
    refused: tally.refused,
    failed: tally.failed,
    busy: tally.busy,
    callers: { refused: ended('refused'), gaveUp: ended('gave-up'), stopped: ended('stopped') },
    bill,
    cap,
    overshoot: bill > cap ? bill - cap : 0n,
    share: shareOf(bill, cap),
    seconds,
  };
}

function targetOf(baseUrl: string): Target {
  const { origin, pathname } = new URL(baseUrl);
  // As many connections as there are calls under way: where one gateway dies, its callers come to the others.
  return { dispatcher: new Pool(origin), origin, path: `${pathname.replace(/\/+$/, '')}/chat/completions` };
}
