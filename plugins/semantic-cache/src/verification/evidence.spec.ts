import { describe, expect, it } from 'vitest';
import { EVIDENCE_NAMES, evidenceOf, standingOf, type Neighbour } from './evidence.js';
import { signatureOf } from './signature.js';

type Name = (typeof EVIDENCE_NAMES)[number];

function evidence(query: string, candidate: string): (name: Name) => number {
  const standing = { rival: undefined, agreement: 1, support: 0, density: 0.9 };
  const values = evidenceOf(signatureOf(query), signatureOf(candidate), 0.9, standing);
  return (name) => values[EVIDENCE_NAMES.indexOf(name)] ?? Number.NaN;
}

describe('what turns a question into another', () => {
  it.each([
    ['opposite', 'включить тёмную тему', 'выключить тёмную тему'],
    ['opposite', 'enable dark mode', 'disable dark mode'],
    ['opposite', 'Рубль вырос к доллару', 'Рубль упал к доллару'],
    ['negationDiffers', 'Можно ли есть рис', 'Можно ли не есть рис'],
    ['negationDiffers', 'How do I bake bread with yeast?', 'How do I bake bread without yeast?'],
    ['negationDiffers', 'Why does it work?', "Why doesn't it work?"],
    ['numbersClash', 'What happened in 2015?', 'What happened in 2016?'],
    ['numbersClash', 'Купить билет на 5 мая', 'Купить билет на 6 мая'],
    ['numbersClash', 'Who are the two best players?', 'Who are the three best players?'],
    ['namesClash', 'Как доехать до Москвы', 'Как доехать до Казани'],
    ['namesClash', 'What is the capital of France?', 'What is the capital of Spain?'],
    ['questionDiffers', 'Когда открылся музей?', 'Почему открылся музей?'],
    ['questionDiffers', 'How many people live here?', 'Why do people live here?'],
    ['scriptDiffers', 'Как сбросить пароль?', 'How do I reset my password?'],
    ['swapped', 'convert dollars to euros', 'convert euros to dollars'],
  ] as const)('%s: «%s» and «%s»', (name, query, candidate) => {
    expect(evidence(query, candidate)(name)).toBeGreaterThan(0);
    expect(evidence(query, query)(name)).toBe(0);
  });
});

describe('what does not', () => {
  it.each([
    ['Как включить тёмную тему?', 'как включить темную тему'],
    ['How do I RESET my password?', 'how do i reset my password'],
    ['Сбросить пароль', 'сбросить ПАРОЛЬ!'],
  ])('case, punctuation and ё: «%s» and «%s»', (query, candidate) => {
    const of = evidence(query, candidate);
    expect(of('sameWords')).toBe(1);
    expect(of('sameContent')).toBe(1);
    expect(of('contentOverlap')).toBe(1);
  });

  it('forms of a word', () => {
    expect(evidence('забыла пароли', 'забыл пароль')('contentOverlap')).toBeGreaterThan(0);
    expect(evidence('changing orders', 'change an order')('sameContent')).toBe(1);
  });
});

it('sees a change behind the words that are kept one by one', () => {
  const long = 'word '.repeat(300);
  expect(evidence(`${long} alpha`, `${long} beta`)('restDiffers')).toBe(1);
});

it('gives finite numbers for any text, empty ones too', () => {
  for (const text of ['', ' ', '?!', '😀', '中文问题', 'a'.repeat(5_000)]) {
    const standing = { rival: 0.2, agreement: 0.5, support: 3, density: 0.5 };
    for (const value of evidenceOf(signatureOf(text), signatureOf('Пример'), 1, standing))
      expect(value).toSatisfy(Number.isFinite);
  }
});

it('keeps signatures as JSON, without words', () => {
  const signature = signatureOf('Как зовут Пушкина?');
  expect(JSON.parse(JSON.stringify(signature))).toEqual(signature);
  expect(JSON.stringify(signature)).not.toMatch(/пушкин/iu);
});

it('weighs neighbours against each other', () => {
  const signature = signatureOf('x');
  const neighbours: Neighbour[] = [
    { entry: '1', answer: 'a', similarity: 0.9, signature },
    { entry: '2', answer: 'a', similarity: 0.8, signature },
    { entry: '3', answer: 'b', similarity: 0.7, signature },
  ];
  const [first, , third] = neighbours;
  if (!first || !third) throw new Error('no neighbours');
  const standing = standingOf(first, neighbours);
  expect(standing).toMatchObject({ rival: 0.7, support: 1 });
  expect(standing.agreement).toBeGreaterThan(0.9);
  expect(standing.density).toBeCloseTo(0.8);
  expect(standingOf(third, neighbours)).toMatchObject({ rival: 0.9, support: 0 });
});
