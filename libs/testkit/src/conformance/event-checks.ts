import type { ReplyEvent } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { anAnswerTo, aReply } from '../a-reply.js';
import { collect } from '../collect.js';
import { FakeEgress } from '../fake-egress.js';
import { within } from '../within.js';
import { copyCall } from './copy-call.js';
import { withLayer } from './opened-plugin.js';
import { hasLayer, patience, type ConformanceCheck, type ConformanceSubject } from './subject.js';

const WELL_FORMED = /^start (?:delta )*(?:answer )?end $/;

function passesEventsOn(subject: ConformanceSubject): boolean {
  return hasLayer(subject) && subject.treatment !== 'replaces';
}

export const EVENT_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'gives replies that begin with start and finish with end',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const call of subject.calls.passed) {
          const events = await collect(layer(copyCall(call), new FakeEgress().next));
          const facts = events.filter(({ type }) => type !== 'decision');
          assert.equal(events[0]?.type, 'start', 'the first event, upon which the status line is written');
          assert.equal(events.at(-1)?.type, 'end', 'the last event, upon which the account is closed');
          assert.match(facts.map(({ type }) => `${type} `).join(''), WELL_FORMED);
        }
      }),
  },
  {
    name: 'gives events on unchanged and in order',
    concerns: passesEventsOn,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const sample of subject.calls.passed) {
          const call = copyCall(sample);
          const sent = anAnswerTo(call);
          const events = await collect(layer(call, new FakeEgress(() => aReply(sent)).next));
          const given = events.filter((event) => event.type !== 'decision' || sent.includes(event));
          assert.ok(isSame(given, sent), `${typesOf(sent)} went in, ${typesOf(given)} came out`);
        }
      }),
  },
  {
    name: 'returns the reply of next itself where it does nothing to the events: no cost per event',
    concerns: (subject) => hasLayer(subject) && subject.treatment === 'hands-on',
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const call of subject.calls.passed) {
          const reply = aReply([]);
          assert.equal(
            layer(copyCall(call), () => reply),
            reply,
          );
        }
      }),
  },
  {
    name: 'holds no event back until the next one is there',
    concerns: passesEventsOn,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        const call = copyCall(subject.calls.passed[0]);
        const rest = Promise.withResolvers<void>();
        const [first, ...others] = anAnswerTo(call);
        const egress = new FakeEgress(async function* () {
          if (first) yield first;
          await rest.promise;
          yield* others;
        });
        const events = layer(call, egress.next)[Symbol.asyncIterator]();
        try {
          const step = await within(
            patience(subject),
            events.next(),
            'the first event leaves before the second is there',
          );
          assert.equal(step.done ? undefined : step.value.type, first?.type);
        } finally {
          rest.resolve();
          await events.return?.();
        }
      }),
  },
  {
    name: "leaves a provider's own bytes off an event that it has changed",
    concerns: (subject) => hasLayer(subject) && subject.treatment === 'replaces',
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const sample of subject.calls.passed) {
          const sent: ReplyEvent[] = [];
          const egress = new FakeEgress((call) => {
            const answer = anAnswerTo(call);
            sent.push(...answer);
            return aReply(answer);
          });
          for (const event of await collect(layer(copyCall(sample), egress.next))) {
            const original = sent.find((other) => wireOf(other) !== undefined && wireOf(other) === wireOf(event));
            if (original) assert.deepEqual(event, original, 'the caller would get the old bytes, not the new content');
          }
        }
      }),
  },
];

function wireOf(event: ReplyEvent): Uint8Array | undefined {
  return event.type === 'delta' || event.type === 'answer' ? event.wire : undefined;
}

function isSame(given: readonly ReplyEvent[], sent: readonly ReplyEvent[]): boolean {
  return given.length === sent.length && given.every((event, index) => event === sent[index]);
}

function typesOf(events: readonly ReplyEvent[]): string {
  return events.map(({ type }) => type).join(' ');
}
