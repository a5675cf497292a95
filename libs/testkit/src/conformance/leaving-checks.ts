import { ProviderUnreachable } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { anAnswerTo } from '../a-reply.js';
import { FakeEgress } from '../fake-egress.js';
import { within } from '../within.js';
import { attempt } from './attempt.js';
import { copyCall } from './copy-call.js';
import { failingEgress } from './failing-egress.js';
import { withLayer } from './opened-plugin.js';
import { hasLayer, patience, type ConformanceCheck } from './subject.js';

/** Long enough for work that a layer began without being asked to reach the egress. */
const SETTLING_MS = 20;
const CLOSING_TURNS = 20;

export const LEAVING_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'begins nothing until its reply is pulled',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        const egress = new FakeEgress();
        // Never pulled, so that no finally will ever run: what were taken now would stay taken.
        layer(copyCall(subject.calls.passed[0]), egress.next);
        await delay(SETTLING_MS);
        assert.equal(egress.opened, 0, 'replies of next that were pulled');
      }),
  },
  {
    name: 'leaves the reply of next when its own reply is left',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        const egress = new FakeEgress();
        const events = layer(copyCall(subject.calls.passed[0]), egress.next)[Symbol.asyncIterator]();
        await events.next();
        await within(patience(subject), Promise.resolve(events.return?.()), 'return() comes back');
        // A detached reply is aborted, and ends a few turns later.
        for (let turns = 0; turns < CLOSING_TURNS && egress.closed < egress.opened; turns += 1) await turn();
        assert.equal(egress.closed, egress.opened, 'replies of next whose finally has run, of those that were opened');
      }),
  },
  {
    name: 'ends when the signal of the call fires',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        const caller = new AbortController();
        const call = copyCall(subject.calls.passed[0], { signal: caller.signal });
        const hung = Promise.withResolvers<void>();
        const never = Promise.withResolvers<void>();
        const egress = new FakeEgress(async function* (inner) {
          const [first] = anAnswerTo(inner);
          if (first) yield first;
          hung.resolve();
          await never.promise;
        });
        const ended = attempt(layer, call, egress.next);
        try {
          await Promise.race([hung.promise, ended]);
          caller.abort(new Error('the caller has left'));
          await within(patience(subject), ended, 'the reply ends after the caller has left');
        } finally {
          never.resolve();
        }
      }),
  },
  {
    name: 'gives an error of next on unchanged',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const eventsBefore of [0, 1]) {
          const error = new ProviderUnreachable('no connection');
          const egress = failingEgress(error, eventsBefore);
          const { failure } = await attempt(layer, copyCall(subject.calls.passed[0]), egress.next);
          if (egress.opened > 0) assert.equal(failure?.error, error, `the error, after ${eventsBefore} events`);
        }
      }),
  },
];
