import { expect, it } from 'vitest';
import { languageOf } from './language.js';

it.each([
  ['How do I enable dark mode?', 'Latn'],
  ['card not working', 'Latn'],
  ['capital France', 'Latn'],
  ['Can I do it on my own?', 'Latn'],
  ['Как включить тёмную тему?', 'Cyrl'],
  ['что такое PostgreSQL', 'Cyrl'],
  ['Як увімкнути темну тему? Чи є їх дві?', 'uk'],
  ['Comment activer le mode sombre ?', 'fr'],
  ['¿Cómo puedo activar el modo oscuro?', 'es'],
  ['Wie kann ich den dunklen Modus einschalten?', 'de'],
  ['暗いテーマをオンにするには', 'Jpan'],
  ['如何打开深色模式', 'Hani'],
  ['어두운 테마를 켜는 방법', 'Kore'],
  ['Πώς ενεργοποιώ το σκοτεινό θέμα;', 'Grek'],
  ['2 + 2 = ?', 'Zyyy'],
])('says of %s that it is %s', (text, language) => {
  expect(languageOf(text)).toBe(language);
});
