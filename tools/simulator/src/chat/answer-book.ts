import { readFileSync } from 'node:fs';
import { InvalidField, readRecord, readString } from '../field.js';

/** Recorded answers of one prompt, by model. */
export interface AnswerBookEntry {
  readonly prompt: string;
  readonly answers: Readonly<Record<string, string>>;
}

/** Recorded answers, found by the exact text of the last user message. */
export class AnswerBook {
  readonly #answers = new Map<string, Map<string, string>>();
  readonly #models = new Set<string>();

  /** Several entries of one prompt add up; of two answers of one model the later stays. */
  constructor(entries: Iterable<AnswerBookEntry>) {
    for (const { prompt, answers } of entries) {
      const byModel = this.#answers.get(prompt) ?? new Map<string, string>();
      this.#answers.set(prompt, byModel);
      for (const [model, answer] of Object.entries(answers)) {
        byModel.set(model, answer);
        this.#models.add(model);
      }
    }
  }

  /** The models that have an answer to anything. */
  get models(): ReadonlySet<string> {
    return this.#models;
  }

  find(prompt: string, model: string): string | undefined {
    return this.#answers.get(prompt)?.get(model);
  }
}

/**
 * Reads an answer book: JSON lines `{"prompt": string, "answers": {"model": "answer text"}}`. Empty lines are skipped.
 *
 * @throws InvalidField that names the line; a file error where the file cannot be read.
 */
export function readAnswerBook(path: string): AnswerBookEntry[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseEntry(line, `${path}:${index + 1}`)]));
}

function parseEntry(line: string, place: string): AnswerBookEntry {
  const { prompt, answers } = readRecord(parseJson(line, place), place);
  const models = Object.entries(readRecord(answers, `${place} answers`));
  return {
    prompt: readString(prompt, `${place} prompt`),
    answers: Object.fromEntries(
      models.map(([model, answer]) => [model, readString(answer, `${place} answers.${model}`)]),
    ),
  };
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new InvalidField(place, 'is not JSON');
  }
}
