import { ProviderUnreachable } from '@parsimony/contract';
import type { Call } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { FakeEgress } from '../fake-egress.js';
import { attempt } from './attempt.js';
import { copyCall } from './copy-call.js';
import { deepFreeze } from './deep-freeze.js';
import { failingEgress } from './failing-egress.js';
import { withLayer } from './opened-plugin.js';
import { hasLayer, type ConformanceCheck } from './subject.js';

export const NEXT_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'calls next once at most; only a route may call it again',
    concerns: (subject) => hasLayer(subject) && subject.plugin.stage !== 'route',
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const call of subject.calls.passed) {
          for (const egress of egresses()) {
            await attempt(layer, copyCall(call), egress.next);
            assert.ok(egress.calls.length <= 1, `next was called ${egress.calls.length} times`);
          }
        }
      }),
  },
  {
    name: 'never calls next after an event has left',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const sample of subject.calls.passed) {
          for (const egress of egresses()) {
            let left = 0;
            const next = (call: Call): ReturnType<FakeEgress['next']> => {
              assert.equal(left, 0, 'events that had left when next was called');
              return egress.next(call);
            };
            const { failure } = await attempt(layer, copyCall(sample), next, () => (left += 1));
            if (failure?.error instanceof assert.AssertionError) throw failure.error;
          }
        }
      }),
  },
  {
    name: 'changes nothing of the call that it was given',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const sample of subject.calls.passed) {
          const { failure } = await attempt(layer, deepFreeze(copyCall(sample)), new FakeEgress().next);
          assert.equal(failure, undefined, `a call that cannot be changed meets ${String(failure?.error)}`);
        }
      }),
  },
  {
    name: 'keeps the identity, the caller and the earlier decisions of the call',
    concerns: hasLayer,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const sample of subject.calls.passed) {
          const earlier = { plugin: 'another', summary: 'decided before', detail: {} };
          const call = { ...copyCall(sample), decisions: [earlier] };
          const egress = new FakeEgress();
          await attempt(layer, call, egress.next);
          for (const forwarded of egress.calls) {
            assert.equal(forwarded.id, call.id, 'the id, by which the call is metered');
            assert.equal(forwarded.receivedAt, call.receivedAt, 'the time of arrival, by which it is priced');
            assert.deepEqual(forwarded.caller, call.caller, 'the caller, who pays');
            assert.deepEqual(forwarded.decisions[0], earlier, 'what other layers decided');
          }
        }
      }),
  },
];

/** A provider that answers, one that fails at once, and one that fails in the middle. */
function egresses(): FakeEgress[] {
  const error = new ProviderUnreachable('no connection');
  return [new FakeEgress(), failingEgress(error, 0), failingEgress(error, 1)];
}
