import { expect, it } from 'vitest';
import { languageOf } from './language.js';

it.each([
  ['Tell me how to implement a SCIM server in PHP', 'en'],
  ['Напиши мне короткое эссе о керамике', 'ru'],
  ['std::strcmp(a, b) > 0; как работают эти функции и в чем их различие?', 'ru'],
  ['What does the word "да" mean?', 'en'],
  ['Estoy creando la historia de un personaje', 'other'],
  ['写一首诗', 'other'],
  ['', 'other'],
])('%s: %s', (text, language) => expect(languageOf(text)).toBe(language));
