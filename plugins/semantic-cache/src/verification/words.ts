import { SYNONYMS } from './lexicon.js';

/** A word as it stands in a text. */
export interface Word {
  /** Lower case, composed (NFC), ё as е, without apostrophes. */
  readonly text: string;
  /** Capitalised inside a sentence, in capitals, or letters mixed with digits: likely a name. */
  readonly named: boolean;
  readonly numeric: boolean;
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’.,:/-][\p{L}\p{M}\p{N}]+)*(?:[+#]+|%)?/gu;
const SENTENCE_END = /[.!?…:;"“«(\n]\s*$/u;

/** Reads the words of a text in order. A text without letters and digits has none. */
export function wordsOf(text: string): readonly Word[] {
  const composed = text.normalize('NFC');
  const found: Word[] = [];
  let end = 0;
  for (const match of composed.matchAll(WORD)) {
    const raw = match[0];
    const startsSentence = found.length === 0 || SENTENCE_END.test(composed.slice(end, match.index));
    end = match.index + raw.length;
    for (const part of /\p{N}/u.test(raw) ? [raw] : raw.split(/[.,:/-]/u)) {
      found.push(wordOf(part, startsSentence));
    }
  }
  return found;
}

function wordOf(raw: string, startsSentence: boolean): Word {
  const text = raw.toLowerCase().replaceAll('ё', 'е').replaceAll(/['’]/gu, '');
  const numeric = /^\p{N}/u.test(raw);
  const capitals = /^\p{Lu}{2,}/u.test(raw);
  const mixed = /\p{L}/u.test(raw) && /\p{N}/u.test(raw);
  const capitalised = /^\p{Lu}/u.test(raw) && raw.length > 1;
  return { text, numeric, named: capitals || mixed || (capitalised && !startsSentence) };
}

const ENGLISH_ENDINGS = /(?:ations?|ings?|ies|ers?|ed|es|ly|s|e|y)$/u;
const RUSSIAN_ENDINGS =
  /(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ешь|ишь|ете|ите|ость|ости|ться|ть|ти|ся|сь|ов|ев|ей|ой|ий|ый|ые|ие|ая|яя|ую|юю|ом|ем|ам|ям|ах|ях|ет|ит|ут|ют|ат|ят|ла|ло|ли|л|а|я|о|е|ы|и|у|ю|ь)$/u;

/**
 * A rough stem: the forms of a word mostly fall together, and synonyms of question phrasing do. Words that a stem
 * would merge wrongly are short; they are left whole.
 */
export function stemOf(word: string): string {
  const known = SYNONYMS.get(word);
  if (known !== undefined) return known;
  if (word.length <= 3) return word;
  const cut = word.replace(/[а-я]/u.test(word) ? RUSSIAN_ENDINGS : ENGLISH_ENDINGS, '');
  return cut.length >= 3 ? cut : word;
}
