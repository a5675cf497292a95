import type { Call, LayerScope, ReplyEvent } from '@parsimony/contract';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { anAnswerTo } from '../a-reply.js';
import { aScope } from '../a-scope.js';
import { FakeEgress } from '../fake-egress.js';
import { within } from '../within.js';
import { copyCall } from './copy-call.js';
import { withLayer, type LooseLayer } from './opened-plugin.js';
import { hasLayer, patience, type ConformanceCheck, type ConformanceSubject } from './subject.js';

/** They say something of layers that detach a reply and let other calls share it; of others they see nothing wrong. */
export const SHARING_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'keeps a detached reply going when its caller leaves, for the others who wait for it',
    concerns: hasLayer,
    run: (subject) =>
      withShared(subject, async ({ leader, follower, egress, goOn }) => {
        leader.abort.abort(new Error('the caller has left'));
        await within(patience(subject), leader.leave(), 'the caller who began it can leave');
        goOn();
        const types = (await within(patience(subject), follower.rest(), 'the other gets its answer')).map(typeOf);
        assert.equal(egress.opened, 1, 'replies of next for two equal calls at once');
        assert.equal(types.at(-1), 'end', `the other gets ${types.join(' ')}`);
      }),
  },
  {
    name: "waits for another call's reply inside waitFor, off its own clock",
    concerns: hasLayer,
    run: (subject) =>
      withShared(subject, async ({ leader, follower, goOn }) => {
        const rest = follower.rest();
        await turn();
        await turn();
        assert.ok(follower.waits > 0 || follower.over, 'it waits by itself: its own time runs out');
        goOn();
        await within(patience(subject), Promise.all([rest, leader.rest()]), 'both get their answers');
      }),
  },
];

interface Shared {
  readonly leader: Caller;
  readonly follower: Caller;
  readonly egress: FakeEgress;
  readonly goOn: () => void;
}

/** Two equal calls at once, of which the first has its first event; nothing where the second is not let in on its reply. */
async function withShared(subject: ConformanceSubject, check: (shared: Shared) => Promise<void>): Promise<void> {
  for (const sample of subject.calls.passed) {
    await withLayer(subject, async (layer) => {
      const { promise: gate, resolve: goOn } = Promise.withResolvers<void>();
      const egress = new FakeEgress(async function* (call) {
        const [first, ...others] = anAnswerTo(call);
        if (first) yield first;
        await gate;
        yield* others;
      });
      const leader = new Caller(layer, sample, egress);
      const follower = new Caller(layer, sample, egress);
      try {
        if (!(await leader.begin(patience(subject))) || !leader.detached) return;
        if (!(await follower.begin(patience(subject))) || egress.calls.length > 1) return;
        await check({ leader, follower, egress, goOn });
      } finally {
        goOn();
        await Promise.all([leader.leave(), follower.leave()]);
      }
    });
  }
}

/** One caller of a layer, and what the layer does with its scope. */
class Caller {
  readonly abort = new AbortController();
  detached = false;
  waits = 0;
  over = false;
  readonly #events: AsyncIterator<ReplyEvent>;

  constructor(layer: LooseLayer, sample: Call, egress: FakeEgress) {
    const { signal } = this.abort;
    const plain = aScope(egress.next, signal);
    const scope: LayerScope = {
      detached: (call) => {
        this.detached = true;
        return plain.detached(call);
      },
      waitFor: async (other) => {
        this.waits += 1;
        try {
          return await plain.waitFor(other);
        } finally {
          this.waits -= 1;
        }
      },
    };
    this.#events = layer(copyCall(sample, { id: randomUUID(), signal }), egress.next, scope)[Symbol.asyncIterator]();
  }

  /** @returns whether a first event came. */
  async begin(patienceMs: number): Promise<boolean> {
    return within(patienceMs, this.#events.next(), 'the first event').then(
      ({ done }) => !done,
      () => false,
    );
  }

  async rest(): Promise<ReplyEvent[]> {
    const events: ReplyEvent[] = [];
    for (let step = await this.#events.next(); !step.done; step = await this.#events.next()) events.push(step.value);
    this.over = true;
    return events;
  }

  async leave(): Promise<void> {
    await this.#events.return?.();
  }
}

function typeOf({ type }: ReplyEvent): string {
  return type;
}
