import type { JsonObject, Models } from '@parsimony/contract';
import { ProviderUnavailable } from '@parsimony/contract';
import { aCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { HashingEmbedder } from '../../test/hashing-embedder.js';
import type { Configuration } from '../configuration.js';
import type { AnswerContent } from './answer-content.js';
import { answerIdOf } from './answer-id.js';
import type { Pair, Verdict } from './comparer.js';
import { comparerOf, withCalls } from './comparer-of.js';
import { labelComparer } from './label-comparer.js';
import { normalText } from './normal-text.js';

/** A judge that says one thing, and remembers what it was asked. */
class Judge implements Models {
  readonly questions: JsonObject[] = [];
  constructor(private readonly says: string | Error) {}

  async ask(_context: unknown, { body }: { body: JsonObject }): Promise<JsonObject> {
    this.questions.push(body);
    if (this.says instanceof Error) throw this.says;
    return { choices: [{ message: { role: 'assistant', content: this.says } }] };
  }

  costOf(): bigint {
    return 0n;
  }
}

const SILENT = new Judge(new Error('no judge is asked here'));

function said(text: string): AnswerContent {
  return { text, calls: [] };
}

function compare(how: Configuration['compare'], kept: string, fresh: string, judge: Judge = SILENT): Promise<Verdict> {
  const comparer = comparerOf(how, new HashingEmbedder(), judge);
  return comparer({ question: 'Why?', kept: said(kept), fresh: said(fresh) }, aCall());
}

describe('by their words', () => {
  it.each([
    ['Yes.', 'yes'],
    ['**Moscow** is the capital.', 'moscow is the capital'],
    ['Включите «тёмную» тему!', 'включите темную тему'],
    ['the  ﬁrst\nline', 'The first line.'],
    ['1–2 days', '1-2 days'],
  ])('%s is %s', async (kept, fresh) => {
    expect(await compare('text', kept, fresh)).toBe(true);
  });

  it.each([
    ['42', '43'],
    ['3.14', '314'],
    ['5', '-5'],
    ['10 %', '10'],
    ['10 €', '10 $'],
    ['a < b', 'a > b'],
    ['👍', '👎'],
    ['включить', 'выключить'],
    ['It is safe.', 'It is not safe.'],
  ])('%s is not %s', async (kept, fresh) => {
    expect(await compare('text', kept, fresh)).toBe(false);
  });

  it('reads texts that hold nothing but marks', () => {
    expect(normalText(' — … ')).toBe('');
  });
});

describe('as JSON', () => {
  it.each([
    ['{"a":1,"b":[1,2]}', '{ "b": [1.0, 2], "a": 1e0 }'],
    ['```json\n{"имя":"Анна"}\n```', '{"имя": "Анна"}'],
  ])('%s is %s', async (kept, fresh) => {
    expect(await compare('json', kept, fresh)).toBe(true);
    expect(await compare('auto', kept, fresh)).toBe(true);
  });

  it.each([
    ['{"a":1}', '{"a":2}'],
    ['{"a":1}', '{"a":"1"}'],
    ['{"a":1}', '{"a":1,"b":null}'],
    ['{"a":1}', '{"b":1}'],
    ['[1,2]', '[2,1]'],
    ['[1,2]', '[1,2,3]'],
    ['{"a":1}', 'I cannot do that.'],
  ])('%s is not %s', async (kept, fresh) => {
    expect(await compare('json', kept, fresh)).toBe(false);
    expect(await compare('auto', kept, fresh)).toBe(false);
  });

  it('tells nothing of two texts', async () => {
    expect(await compare('json', 'one', 'one')).toBeUndefined();
  });
});

describe('as labels', () => {
  const compareLabels = (kept: string, fresh: string, labels: string[]): Promise<Verdict> =>
    labelComparer(labels)({ question: 'Class?', kept: said(kept), fresh: said(fresh) }, aCall());

  it.each([
    ['spam', 'The class is: Spam.', ['spam', 'ham'], true],
    ['not spam', 'spam', ['spam', 'not spam'], false],
    ['not spam', 'It is not spam', ['spam', 'not spam'], true],
    ['spam or ham', 'spam', ['spam', 'ham'], false],
    ['жалоба', 'Категория: Жалоба', ['жалоба', 'вопрос'], true],
    ['жалоба', 'вопрос', ['жалоба', 'вопрос'], false],
    ['card_arrival', 'Card_Arrival', [], true],
    ['card_arrival', 'card_lost', [], false],
  ])('%s and %s of %j', async (kept, fresh, labels, same) => {
    expect(await compareLabels(kept, fresh, labels)).toBe(same);
  });
});

describe('by meaning', () => {
  const long = 'Open the settings, choose the page about appearance and switch the dark theme on there';

  it('takes two wordings of one answer for the same', async () => {
    expect(await compare('embedding', `${long}.`, `${long}, please.`)).toBe(true);
  });

  it.each([
    [`${long} within 5 days`, `${long} within 7 days`],
    [long, `Do not ${long}`],
    [long, 'Bananas are rich in potassium, and so are avocados and beans of most kinds'],
  ])('keeps %s apart from %s', async (kept, fresh) => {
    expect(await compare('embedding', kept, fresh)).toBe(false);
    expect(await compare('auto', kept, fresh)).toBe(false);
  });

  it('tells nothing while the embedder is away', async () => {
    const embedder = new HashingEmbedder();
    embedder.away = true;
    const pair: Pair = { question: 'Why?', kept: said(long), fresh: said(`${long}!!`) };
    expect(await comparerOf('embedding', embedder, SILENT)(pair, aCall())).toBeUndefined();
  });
});

describe('by form', () => {
  it('asks no embedder about short answers, whose neighbours mean something else', async () => {
    const embedder = new HashingEmbedder();
    const comparer = comparerOf('auto', embedder, SILENT);
    expect(await comparer({ question: 'Who?', kept: said('John Smith'), fresh: said('John Smithe') }, aCall())).toBe(
      false,
    );
    expect(embedder.asked).toEqual([]);
  });
});

describe('by a judge', () => {
  const ask = (judge: Judge, question = 'Why?'): Promise<Verdict> =>
    comparerOf(
      { judge: 'openai/gpt-4.1-mini' },
      new HashingEmbedder(),
      judge,
    )({ question, kept: said('Because of rain'), fresh: said('It rained') }, aCall());

  it.each([
    ['YES', true],
    ['yes.', true],
    ['**NO**', false],
    ['Да', true],
    ['нет.', false],
    ['Yes, but the first one is shorter', undefined],
    ['NO or YES', undefined],
    ['', undefined],
    ['maybe', undefined],
  ])('reads %j strictly', async (says, verdict) => {
    expect(await ask(new Judge(says))).toBe(verdict);
  });

  it('tells nothing when the model cannot be asked', async () => {
    expect(await ask(new Judge(new ProviderUnavailable('away')))).toBeUndefined();
  });

  it("asks in the question's language", async () => {
    const [english, russian] = [new Judge('YES'), new Judge('ДА')];
    await ask(english);
    await ask(russian, 'Почему мокро?');
    expect(JSON.stringify(english.questions)).toContain('YES or NO');
    expect(JSON.stringify(russian.questions)).toContain('ДА или НЕТ');
  });

  it('is spared answers that are too long to judge', async () => {
    const judge = new Judge('YES');
    expect(await compare({ judge: 'm' }, 'a'.repeat(20_000), 'b', judge)).toBeUndefined();
    expect(judge.questions).toEqual([]);
  });
});

describe('calls of tools', () => {
  const theme = (name: string, on: boolean): AnswerContent => ({
    text: '',
    calls: [{ name, arguments: { on, by: 1 } }],
  });
  const comparer = withCalls(async () => true);
  const compareCalls = (kept: AnswerContent, fresh: AnswerContent): Promise<Verdict> =>
    comparer({ question: 'Switch it', kept, fresh }, aCall());

  it('are the same with the same arguments', async () => {
    const reordered = { text: 'With pleasure', calls: [{ name: 'dark', arguments: { by: 1, on: true } }] };
    expect(await compareCalls(theme('dark', true), reordered)).toBe(true);
  });

  it('differ by tool, by argument, and from text', async () => {
    expect(await compareCalls(theme('dark', true), theme('dark', false))).toBe(false);
    expect(await compareCalls(theme('dark', true), theme('light', true))).toBe(false);
    expect(await compareCalls(theme('dark', true), said('Done'))).toBe(false);
  });

  it('tells nothing of two empty answers', async () => {
    expect(await compareCalls(said(''), said(''))).toBeUndefined();
  });
});

it('gives answers of equal form equal ids', () => {
  expect(answerIdOf(said('**Yes**.'))).toBe(answerIdOf(said('yes')));
  expect(answerIdOf(said('{"a":1,"b":{"c":2,"d":3}}'))).toBe(answerIdOf(said('{"b":{"d":3,"c":2},"a":1}')));
  expect(answerIdOf(said('The class: spam'), ['spam', 'ham'])).toBe(answerIdOf(said('spam'), ['spam', 'ham']));
  expect(answerIdOf(said('yes'))).not.toBe(answerIdOf(said('no')));
});
