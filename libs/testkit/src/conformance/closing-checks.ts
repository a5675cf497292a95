import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeEgress } from '../fake-egress.js';
import { within } from '../within.js';
import { attempt } from './attempt.js';
import { copyCall } from './copy-call.js';
import { OpenedPlugin } from './opened-plugin.js';
import { patience, type ConformanceCheck, type ConformanceSubject } from './subject.js';

/** Sockets and threads need a moment to be gone after they were closed. */
const GONE_AFTER_MS = 1_000;

export const CLOSING_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'gives back on closing what it opened, and can be opened again',
    run: async (subject) => {
      const before = process.getActiveResourcesInfo();
      for (let round = 0; round < 2; round += 1) await openAndClose(subject);
      const deadline = performance.now() + GONE_AFTER_MS;
      let left = added(before, process.getActiveResourcesInfo());
      while (left.length > 0 && performance.now() < deadline) {
        await delay(20);
        left = added(before, process.getActiveResourcesInfo());
      }
      assert.deepEqual(left, [], 'timers, sockets and the like that are still open after closing');
    },
  },
];

async function openAndClose(subject: ConformanceSubject): Promise<void> {
  const opened = await OpenedPlugin.open(subject);
  for (const layer of opened.layers()) {
    await attempt(layer, copyCall(subject.calls.passed[0]), new FakeEgress().next);
  }
  await within(patience(subject) + GONE_AFTER_MS, opened[Symbol.asyncDispose](), 'closing comes back');
}

/** Members of `after` beyond those of `before`, counted by kind. */
function added(before: readonly string[], after: readonly string[]): string[] {
  const known = [...before];
  return after.filter((kind) => {
    const index = known.indexOf(kind);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}
