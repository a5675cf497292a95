/** Something that a text has, and how much it counts. */
export interface TextFeature {
  readonly name: string;
  readonly weight: number;
}

/** Words of a text that count; the others would only cost time. */
const MOST_WORDS = 512;

const GRAM_LENGTH = 3;

/** Squared weight of all parts of a word together, against that of the word itself. */
const PARTS_WEIGHT = 2;

/**
 * The words of a text and their parts of three letters, in any script. The parts bring inflected words together, such as
 * those of Russian, and words with a typing error (subword units: Bojanowski et al. 2017, "Enriching Word Vectors with
 * Subword Information").
 */
export function textFeatures(text: string): TextFeature[] {
  const words =
    text
      .slice(0, 16 * MOST_WORDS)
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, MOST_WORDS).flatMap(wordFeatures);
}

function wordFeatures(word: string): TextFeature[] {
  // A word of one letter says less than a long one; without this "I" and "a" would outweigh what a text is about.
  const weight = Math.min(1, word.length / 4);
  const framed = `<${word}>`;
  const parts = Array.from({ length: framed.length - GRAM_LENGTH + 1 }, (_, start) =>
    framed.slice(start, start + GRAM_LENGTH),
  );
  // Of equal length as vectors: parts stand at right angles, so that their squares add up.
  const partWeight = weight * Math.sqrt(PARTS_WEIGHT / parts.length);
  return [{ name: `word ${word}`, weight }, ...parts.map((part) => ({ name: `part ${part}`, weight: partWeight }))];
}
