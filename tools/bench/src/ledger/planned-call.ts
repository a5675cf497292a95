import { seededRandom } from '../statistics/seeded-random.js';

export interface PlannedCall {
  readonly body: string;
  readonly stream: boolean;
  /** The caller leaves after so long, where the answer is not complete yet; undefined: stays. */
  readonly leaveAfterMs: number | undefined;
}

const MODELS = ['gpt-4.1-mini', 'gpt-4.1', 'gpt-4.1-nano', 'openai/gpt-4o-mini', 'gpt-5-mini', 'o4-mini', 'economy'];
const WORDS = 'the gateway asks why каждый вызов стоит денег and who pays for a stream that nobody reads'.split(' ');
const STREAMS = 0.2;
/** Four in ten of them stay long enough to get the whole answer: about 10 % leave. */
const LEAVING = 0.18;
/** As long as most answers take, so that callers leave before, during and just at the end. */
const LONGEST_STAY_MS = 60;

/** The calls of one run: a function of the seed. */
export function* planCalls(seed: number, count: number): Generator<PlannedCall> {
  const random = seededRandom(seed);
  const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] as string;
  for (let index = 0; index < count; index++) {
    const stream = random() < STREAMS;
    const words = Array.from({ length: 5 + Math.floor(random() * 40) }, () => pick(WORDS));
    yield {
      stream,
      leaveAfterMs: random() < LEAVING ? random() * LONGEST_STAY_MS : undefined,
      body: JSON.stringify({
        model: pick(MODELS),
        messages: [{ role: 'user', content: `${index}: ${words.join(' ')}` }],
        ...(stream && { stream: true }),
      }),
    };
  }
}
