import { readArray, readRecord, readString, InvalidField, nullable } from '../field.js';

/** Texts that ask the same thing, so that whoever asks one of them gets what the first of them would get. */
export interface Meaning {
  /** At least one. */
  readonly texts: readonly string[];
  /** What every model answers, verbatim; left out: what it would answer to the first text. */
  readonly answer?: string;
}

/** What is known of questions that mean the same. */
export class Meanings {
  readonly #byText = new Map<string, Meaning>();
  #count = 0;

  /** A text that stood in an earlier meaning belongs to the later one. */
  add(meanings: readonly Meaning[]): void {
    this.#count += meanings.length;
    for (const meaning of meanings) for (const text of meaning.texts) this.#byText.set(text, meaning);
  }

  clear(): void {
    this.#byText.clear();
    this.#count = 0;
  }

  find(text: string): Meaning | undefined {
    return this.#byText.get(text);
  }

  /** How much is known. */
  report(): { readonly meanings: number; readonly texts: number } {
    return { meanings: this.#count, texts: this.#byText.size };
  }
}

/** Reads `{"meanings": [{"texts": [string, …], "answer": string}]}`. @throws InvalidField */
export function readMeanings(body: unknown): readonly Meaning[] {
  return readArray(readRecord(body, '')['meanings'], 'meanings').map((value, index) => {
    const path = `meanings[${index}]`;
    const meaning = readRecord(value, path);
    const texts = readArray(meaning['texts'], `${path}.texts`);
    if (texts.length === 0) throw new InvalidField(`${path}.texts`, 'expected at least one text');
    const answer = nullable(readString)(meaning['answer'], `${path}.answer`);
    return {
      texts: texts.map((text, place) => readString(text, `${path}.texts[${place}]`)),
      ...(answer !== null && { answer }),
    };
  });
}
