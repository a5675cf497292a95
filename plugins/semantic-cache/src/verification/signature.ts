import { hashOf } from './hash.js';
import { NEGATIONS, NUMBER_WORDS, OPPOSITE_SIDES, QUESTION_KINDS, STOP_WORDS } from './lexicon.js';
import { stemOf, wordsOf } from './words.js';

/** How many words are kept one by one; the rest counts as a whole. */
const MOST_WORDS = 192;
const SKETCH_INTEGERS = 8;

/** "don't", "won't", "isn't" and their like, whose apostrophe is gone. */
const CONTRACTED = /^(?:do|does|did|is|are|was|were|wo|would|should|could|ca|has|have|had|must|need)nt$/u;
const HOW = QUESTION_KINDS.get('how') ?? 0;

export type Script = 'latin' | 'cyrillic' | 'other';

/**
 * What the verifier has to know of a text, made once and kept with the cache entry as JSON. It holds hashes, counts
 * and numbers, and no words. Lists of hashes are sorted and without repeats, save `order`.
 */
export interface Signature {
  readonly version: 1;
  /** Hash of the words as they stand: two texts with the same are the same but for case and punctuation. */
  readonly whole: number;
  /** Stems of the first words, in order. */
  readonly order: readonly number[];
  /** Hash of the words after those; 0 where there are none. */
  readonly rest: number;
  /** Stems of words that carry meaning. */
  readonly content: readonly number[];
  /** Numbers with the unit that follows, such as `5 km`. */
  readonly numbers: readonly number[];
  readonly names: readonly number[];
  /** How many words negate. */
  readonly negations: number;
  /** Sides of pairs of opposites: 2 × pair, or 2 × pair + 1. */
  readonly opposites: readonly number[];
  /** What is asked for; 0 where no question word stands. */
  readonly question: number;
  readonly script: Script;
  /** 256 bits that tell which letter trigrams occur. */
  readonly trigrams: readonly number[];
  /** Words. */
  readonly length: number;
}

/** Makes the signature of a text, such as the last user message of a call; about 20 µs for a question. */
export function signatureOf(text: string): Signature {
  const words = wordsOf(text);
  const stems = words.map((word) => hashOf(stemOf(word.text)));
  const content: number[] = [];
  const numbers: number[] = [];
  const names: number[] = [];
  const opposites: number[] = [];
  let negations = 0;
  let question = 0;
  for (const [index, word] of words.entries()) {
    const number = word.numeric ? word.text : NUMBER_WORDS.get(word.text);
    if (number !== undefined) numbers.push(hashOf(number.replace(/(?<=\d)(?:st|nd|rd|th)$/u, '')));
    if (NEGATIONS.has(word.text) || CONTRACTED.test(word.text)) negations += 1;
    opposites.push(...(OPPOSITE_SIDES.get(word.text) ?? []));
    if (question === 0 || (question === HOW && index > 0)) question = QUESTION_KINDS.get(word.text) ?? question;
    if (word.named) names.push(hashOf(word.text));
    if (!STOP_WORDS.has(word.text)) content.push(stems[index] ?? 0);
  }
  return {
    version: 1,
    whole: hashOf(words.map((word) => word.text).join(' ')),
    order: stems.slice(0, MOST_WORDS),
    rest: stems.length > MOST_WORDS ? hashOf(stems.slice(MOST_WORDS).join(' ')) : 0,
    content: sortedSet(content).slice(0, MOST_WORDS),
    numbers: sortedSet(numbers),
    names: sortedSet(names),
    negations,
    opposites: sortedSet(opposites),
    question,
    script: scriptOf(text),
    trigrams: sketchOf(words.map((word) => word.text)),
    length: words.length,
  };
}

function sortedSet(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((left, right) => left - right);
}

function scriptOf(text: string): Script {
  const cyrillic = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (cyrillic === 0 && latin === 0) return 'other';
  return cyrillic > latin ? 'cyrillic' : 'latin';
}

function sketchOf(words: readonly string[]): readonly number[] {
  const sketch = new Int32Array(SKETCH_INTEGERS);
  for (const word of words) {
    const padded = ` ${word} `;
    for (let start = 0; start + 3 <= padded.length; start += 1) {
      const bit = hashOf(padded, start, start + 3) % (32 * SKETCH_INTEGERS);
      const slot = bit >>> 5;
      sketch[slot] = (sketch[slot] ?? 0) | (1 << (bit & 31));
    }
  }
  return [...sketch];
}
