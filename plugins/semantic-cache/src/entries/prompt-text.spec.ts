import { expect, it } from 'vitest';
import { foldPrompt, promptOf } from './prompt-text.js';

it('finds all texts that were asked, in any case, and none of what only names their kind', () => {
  const messages = [
    { role: 'system', content: 'ОТВЕЧАЙ кратко' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Сколько СТОИТ\0 Ёлка?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      ],
    },
  ];
  expect(promptOf(messages)).toBe('отвечай кратко\nсколько стоит  ёлка?');
  expect(foldPrompt('Е\u0308ЛКА')).toBe('ёлка');
});

it('says that it does not know where there are tokens instead of text, and where there is too much', () => {
  expect(promptOf([[1, 2, 3]])).toBeNull();
  expect(promptOf('a'.repeat(65_537))).toBeNull();
  expect(promptOf('a'.repeat(65_536))).not.toBeNull();
});
