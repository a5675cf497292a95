import type { Topic } from '../prompts/topic.js';
import type { PlannedCall } from './planned-call.js';

const MODEL = 'gpt-4.1-mini';
/** So many customers ask at one moment when something has just happened. */
const AT_ONCE = 3;

/**
 * Calls of an application whose customers ask the same things again and again: a topic is asked by several at once when it
 * comes up, and then now and then, in its wordings in turn; the n-th topic 1/n as often as the first. What is popular
 * comes up first.
 */
export function planHelpDesk(topics: readonly Topic[], count: number): PlannedCall[] {
  const asked = topics.map(() => 0);
  const calls: PlannedCall[] = [];
  while (calls.length < count) {
    // The topic that is farthest behind its share.
    const next = topics.reduce((best, _, index) => (dueAt(index, asked) < dueAt(best, asked) ? index : best), 0);
    const topic = topics[next];
    if (!topic) throw new RangeError('there are no topics');
    const before = asked[next] ?? 0;
    const text = topic.texts[before % topic.texts.length] ?? topic.texts[0];
    const call = { prompt: { text, language: topic.language }, model: MODEL, stream: next % 4 >= 2 };
    for (let times = before === 0 ? AT_ONCE : 1; times > 0; times -= 1) calls.push(call);
    asked[next] = before + 1;
  }
  return calls.slice(0, count);
}

function dueAt(index: number, asked: readonly number[]): number {
  return ((asked[index] ?? 0) + 1) * (index + 1);
}
