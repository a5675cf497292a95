import { ERROR_CLASSES, isParsimonyError } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { FakeEgress } from '../fake-egress.js';
import { attempt } from './attempt.js';
import { copyCall } from './copy-call.js';
import { withLayer } from './opened-plugin.js';
import { hasLayer, type ConformanceCheck } from './subject.js';

const CODES: ReadonlySet<string> = new Set(ERROR_CLASSES.map((ErrorClass) => new ErrorClass('').code));

export const REFUSAL_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'refuses with an error of the contract, before a provider is asked and before an event has left',
    concerns: (subject) => hasLayer(subject) && subject.calls.refused !== undefined,
    run: (subject) =>
      withLayer(subject, async (layer) => {
        for (const { call, code } of subject.calls.refused ?? []) {
          const egress = new FakeEgress();
          const { events, failure } = await attempt(layer, copyCall(call), egress.next);
          assert.ok(failure, `a call went through that should be refused with ${code}`);
          assert.ok(
            isParsimonyError(failure.error),
            `the caller would see internal_error, not ${String(failure.error)}`,
          );
          assert.equal(failure.error.code, code);
          assert.ok(CODES.has(failure.error.code), `${failure.error.code} is no code of the contract`);
          assert.equal(egress.opened, 0, 'provider calls behind a refusal');
          assert.equal(events.length, 0, 'events before a refusal, which could then be no HTTP error any more');
        }
      }),
  },
];
