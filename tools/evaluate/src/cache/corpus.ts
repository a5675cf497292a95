import { signatureOf, type Signature } from '@parsimony/semantic-cache/verification';
import { z } from 'zod';
import { readSet, type DataSet } from '../data/read-set.js';

/** Texts, each once, with the class that tells which of them may share an answer. */
export interface Corpus {
  readonly name: string;
  readonly texts: readonly string[];
  /** Of each text; 0 and up. */
  readonly classes: Int32Array;
  readonly digest: string;
}

/** What a simulated cache holds of each text. */
export function signaturesOf(corpus: Corpus): readonly Signature[] {
  return corpus.texts.map(signatureOf);
}

const pair = z.object({
  text_a: z.string(),
  text_b: z.string(),
  label: z.union([z.literal(0), z.literal(1), z.null()]),
  word_jaccard: z.number().optional(),
});
export type Pair = z.infer<typeof pair>;
const intent = z.object({ text: z.string(), intent: z.string() });

export function readPairs(folder: string, name: string): DataSet<Pair> {
  return readSet(folder, name, pair);
}

/** Both texts of each pair; what positive pairs connect, directly or not, is one class. */
export function corpusOfPairs(name: string, { rows, digest }: DataSet<Pair>): Corpus {
  const numbers = new Map<string, number>();
  const parents: number[] = [];
  const numberOf = (text: string): number => {
    let number = numbers.get(text);
    if (number === undefined) {
      number = parents.length;
      numbers.set(text, number);
      parents.push(number);
    }
    return number;
  };
  const rootOf = (start: number): number => {
    let node = start;
    for (let parent = parents[node]; parent !== undefined && parent !== node; parent = parents[node]) {
      parents[node] = parents[parent] ?? parent;
      node = parent;
    }
    return node;
  };
  for (const { text_a, text_b, label } of rows) {
    const [left, right] = [rootOf(numberOf(text_a)), rootOf(numberOf(text_b))];
    if (label === 1) parents[left] = right;
  }
  return { name, texts: [...numbers.keys()], classes: Int32Array.from(parents.keys(), rootOf), digest };
}

/** Texts with their intent as class. */
export function readIntents(folder: string, name: string): Corpus {
  const { rows, digest } = readSet(folder, name, intent);
  const intents = new Map(rows.map((row) => [row.text, row.intent]));
  const numbers = new Map([...new Set(intents.values())].map((label, index) => [label, index]));
  return {
    name,
    texts: [...intents.keys()],
    classes: Int32Array.from(intents.values(), (label) => numbers.get(label) ?? 0),
    digest,
  };
}
