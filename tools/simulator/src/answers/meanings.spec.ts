import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anthropicOf, ask, askClaude, clientOf, post } from '../../test/support.js';
import { startSimulator, type Simulator } from '../index.js';

const CAPITAL = { texts: ['Какая столица Франции?', 'Назови столицу Франции', 'What is the capital of France?'] };

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({
    answerBook: [{ prompt: 'Какая столица Франции?', answers: { 'gpt-4.1': 'Париж.' } }],
  });
});
beforeEach(async () => {
  await fetch(`${simulator.url}/simulator/meanings`, { method: 'DELETE' });
});
afterAll(() => simulator.close());

async function answerTo(question: string, model = 'gpt-4.1-mini'): Promise<string | null | undefined> {
  const { choices } = await clientOf(simulator).chat.completions.create(ask(question, model));
  return choices[0]?.message.content;
}

function teach(body: unknown): Promise<Response> {
  return post(simulator, '/simulator/meanings', JSON.stringify(body));
}

describe('questions of one meaning', () => {
  it('have one answer, and others have their own', async () => {
    const [first = '', ...others] = CAPITAL.texts;
    const before = await answerTo(first);
    for (const text of others) expect(await answerTo(text)).not.toBe(before);
    expect(await (await teach({ meanings: [CAPITAL] })).json()).toEqual({ meanings: 1, texts: 3 });
    for (const text of CAPITAL.texts) expect(await answerTo(text)).toBe(before);
    expect(await answerTo('Какая столица Италии?')).not.toBe(before);
  });

  it('have the answer that was taught, of every model and protocol, at the price of the question as it was asked', async () => {
    simulator.teach([{ ...CAPITAL, answer: 'Paris — Париж' }]);
    expect(await answerTo('Назови столицу Франции', 'gpt-4.1')).toBe('Paris — Париж');
    const { content } = await anthropicOf(simulator).messages.create(askClaude('What is the capital of France?'));
    expect(content).toMatchObject([{ type: 'text', text: 'Paris — Париж' }]);
    const response = await clientOf(simulator).responses.create({
      model: 'gpt-4.1',
      input: 'What is the capital of France?',
    });
    expect(response.output_text).toBe('Paris — Париж');
    const [russian, english] = await Promise.all(
      CAPITAL.texts.slice(1).map((text) => clientOf(simulator).chat.completions.create(ask(text))),
    );
    expect(russian?.usage?.prompt_tokens).not.toBe(english?.usage?.prompt_tokens);
  });

  it('have what the answer book says to the first of them', async () => {
    simulator.teach([CAPITAL]);
    expect(await answerTo('What is the capital of France?', 'gpt-4.1')).toBe('Париж.');
  });

  it('belong to the meaning that was taught last, until all is forgotten', async () => {
    const alone = await answerTo('A?');
    simulator.teach([{ texts: ['A?', 'B?'], answer: 'one' }]);
    simulator.teach([{ texts: ['A?'], answer: 'two' }]);
    expect([await answerTo('A?'), await answerTo('B?')]).toEqual(['two', 'one']);
    expect(await (await fetch(`${simulator.url}/simulator/meanings`)).json()).toEqual({ meanings: 2, texts: 2 });
    await fetch(`${simulator.url}/simulator/meanings`, { method: 'DELETE' });
    expect(await answerTo('A?')).toBe(alone);
  });

  it.each([
    [{}, "'meanings': is missing"],
    [{ meanings: [{ texts: [] }] }, "'meanings[0].texts': expected at least one text"],
    [{ meanings: [CAPITAL, { texts: ['a', 5] }] }, "'meanings[1].texts[1]': expected a string"],
    [{ meanings: [{ texts: ['a'], answer: 7 }] }, "'meanings[0].answer': expected a string"],
  ])('are refused where a field is wrong, and nothing is learned: %j', async (body, message) => {
    const response = await teach(body);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(message);
    expect(await (await fetch(`${simulator.url}/simulator/meanings`)).json()).toEqual({ meanings: 0, texts: 0 });
  });
});
