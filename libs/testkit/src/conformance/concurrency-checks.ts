import type { Call, ReplyEvent } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { anAnswerTo } from '../a-reply.js';
import { collect } from '../collect.js';
import { FakeEgress } from '../fake-egress.js';
import { copyCall } from './copy-call.js';
import { withLayer } from './opened-plugin.js';
import { hasLayer, type ConformanceCheck } from './subject.js';

const CALLS_AT_ONCE = 8;

export const CONCURRENCY_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'keeps concurrent calls apart',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        const egress = new FakeEgress(slowly);
        const calls = Array.from({ length: CALLS_AT_ONCE }, (_, index) => {
          const sample = subject.calls.passed[index % subject.calls.passed.length] ?? subject.calls.passed[0];
          return copyCall(sample, { id: randomUUID() });
        });
        const replies = await Promise.all(calls.map((call) => collect(layer(call, egress.next))));
        for (const [index, events] of replies.entries()) {
          const call = calls[index];
          if (call && !isCached(events))
            assert.deepEqual(strangers(events, call), [], 'ids of calls whose answers came');
        }
      }),
  },
];

async function* slowly(call: Call): AsyncGenerator<ReplyEvent> {
  for (const event of anAnswerTo(call)) {
    await turn();
    yield event;
  }
}

/** A cache says openly that it gives the answer of an earlier call. */
function isCached(events: readonly ReplyEvent[]): boolean {
  return events.some((event) => event.type === 'start' && event.cache !== 'miss' && event.cache !== 'bypass');
}

function strangers(events: readonly ReplyEvent[], call: Call): string[] {
  return events
    .flatMap((event) => (event.type === 'delta' ? event.chunks : event.type === 'answer' ? [event.body] : []))
    .flatMap(({ id }) => (typeof id === 'string' && id !== call.id ? [id] : []));
}
