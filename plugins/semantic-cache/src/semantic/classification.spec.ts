import type { ChatCall, GenerationCall } from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import { expect, it } from 'vitest';
import { classifier } from './classification.js';

const SYSTEM = 'Определи класс обращения: жалоба или вопрос.';

function call(changes: Partial<ChatCall> = {}): ChatCall {
  const messages = [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: 'Где моя карта?' },
  ];
  return aCall({ body: { model: 'gpt-4.1-mini', messages }, ...changes });
}

const LABELS = ['жалоба', 'вопрос'];

it('knows calls by model, tags and system prompt', () => {
  const byModel = classifier([{ match: { model: 'openai/gpt-4.1*' }, labels: LABELS }]);
  const byTags = classifier([{ match: { tags: { feature: 'triage' } }, labels: LABELS }]);
  const bySystem = classifier([{ match: { systemContains: 'ОПРЕДЕЛИ КЛАСС' }, labels: LABELS }]);
  expect(byModel(call())).toEqual(LABELS);
  expect(
    byModel(call({ target: { provider: 'openai', model: 'o4-mini', tier: null }, requestedModel: 'o4-mini' })),
  ).toBeUndefined();
  expect(byTags(call())).toBeUndefined();
  expect(byTags(call({ tags: { feature: 'triage' } }))).toEqual(LABELS);
  expect(bySystem(call())).toEqual(LABELS);
  expect(bySystem(aCall())).toBeUndefined();
});

it("reads system prompts in each protocol's place", () => {
  const bySystem = classifier([{ match: { systemContains: 'класс обращения' } }]);
  const base = call();
  const others = [
    {
      ...base,
      operation: 'messages',
      body: { model: 'm', max_tokens: 9, system: [{ type: 'text', text: SYSTEM }], messages: [] },
    },
    { ...base, operation: 'responses', body: { model: 'm', instructions: SYSTEM, input: 'Где моя карта?' } },
    { ...base, operation: 'responses', body: { model: 'm', input: [{ role: 'developer', content: SYSTEM }] } },
  ] as unknown as GenerationCall[];
  for (const other of others) expect(bySystem(other)).toEqual([]);
});

it('needs all that a rule says, and takes the first rule that fits', () => {
  const labels = classifier([
    { match: { model: 'openai/*', tags: { feature: 'triage' } }, labels: ['a', 'b'] },
    { match: { model: 'openai/*' }, labels: ['c', 'd'] },
  ]);
  expect(labels(call())).toEqual(['c', 'd']);
  expect(labels(call({ tags: { feature: 'triage' } }))).toEqual(['a', 'b']);
});
