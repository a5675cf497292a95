export type Language = 'en' | 'ru' | 'other';

const CYRILLIC = /\p{Script=Cyrillic}/gu;
const LETTER = /\p{Letter}/gu;
/** Words that English has and its neighbours lack. */
const ENGLISH = /\b(the|and|of|to|is|are|what|how|for|with|write|that|this|can|which)\b/i;
/** Russian prompts about code have more Latin letters than English ones have Cyrillic ones. */
const CYRILLIC_SHARE = 0.2;

/** A guess that is good enough for a table: Russian by its letters, English by its commonest words. */
export function languageOf(text: string): Language {
  const letters = text.match(LETTER)?.length ?? 0;
  const cyrillic = text.match(CYRILLIC)?.length ?? 0;
  if (cyrillic > letters * CYRILLIC_SHARE) return 'ru';
  return ENGLISH.test(text) ? 'en' : 'other';
}
