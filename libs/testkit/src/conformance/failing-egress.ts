import { anAnswerTo } from '../a-reply.js';
import { FakeEgress } from '../fake-egress.js';

/** An egress whose provider fails after so many events of each answer. */
export function failingEgress(error: unknown, eventsBefore: number): FakeEgress {
  return new FakeEgress(async function* (call) {
    yield* anAnswerTo(call).slice(0, eventsBefore);
    throw error;
  });
}
