import { describe, expect, it } from 'vitest';
import { loadTopics } from '../prompts/topic.js';
import { planHelpDesk } from './plan-help-desk.js';

const topics = await loadTopics();

describe('planHelpDesk', () => {
  const calls = planHelpDesk(topics, 200);

  it('asks every topic in every wording, in both languages, streaming and not', () => {
    expect(calls).toHaveLength(200);
    const texts = new Set(calls.map(({ prompt }) => prompt.text));
    for (const topic of topics) expect(texts.has(topic.texts[0])).toBe(true);
    for (const text of topics[0]?.texts ?? []) expect(texts.has(text)).toBe(true);
    const met = new Set(calls.map(({ prompt, stream }) => `${prompt.language} ${stream}`));
    expect([...met].sort()).toEqual(['en false', 'en true', 'ru false', 'ru true']);
  });

  it('asks what is popular more often, and what is new by several at once', () => {
    const times = (topic: number): number =>
      calls.filter(({ prompt }) => topics[topic]?.texts.includes(prompt.text)).length;
    expect(times(0)).toBeGreaterThan(2 * times(5));
    expect(calls.slice(0, 3).map(({ prompt }) => prompt.text)).toEqual(Array(3).fill(topics[0]?.texts[0]));
  });

  it('is the same each time', () => expect(planHelpDesk(topics, 200)).toEqual(calls));
});

it('topics have wordings that nobody else has', () => {
  const texts = topics.flatMap((topic) => topic.texts);
  expect(new Set(texts).size).toBe(texts.length);
  expect(topics.map(({ language }) => language)).toEqual(topics.map((_, index) => (index % 2 === 0 ? 'en' : 'ru')));
});
