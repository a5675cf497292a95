import { expect, it } from 'vitest';
import { contradict } from './contradiction.js';
import { signatureOf } from './signature.js';

const say = (left: string, right: string): boolean => contradict(signatureOf(left), signatureOf(right));

it.each([
  ['How do I enable dark mode?', 'How do I disable dark mode?'],
  ['How do I turn dark mode on?', 'How do I turn dark mode off?'],
  ['Why is it safe?', 'Why is it not safe?'],
  ['Can I eat it?', "Can't I eat it?"],
  ['Convert 5 km to miles', 'Convert 7 km to miles'],
  ['Как включить тёмную тему?', 'Как выключить тёмную тему?'],
  ['Можно ли это есть?', 'Нельзя ли это есть?'],
  ['Где мой заказ 17?', 'Где мой заказ 71?'],
])('%s is not %s', (left, right) => {
  expect(say(left, right)).toBe(true);
  expect(say(right, left)).toBe(true);
});

it.each([
  ['How do I enable dark mode?', 'How can I enable the dark mode?'],
  ['How do I turn dark mode on or off?', 'How do I turn dark mode off?'],
  ['Convert 5 km to miles', 'What are 5 km in miles?'],
  ['Как включить тёмную тему?', 'Каким образом включить тёмную тему?'],
])('%s may be %s', (left, right) => {
  expect(say(left, right)).toBe(false);
});
