import { readFileSync } from 'node:fs';
import { InvalidField, isJsonRecord, readArray, readRecord, readString } from '../field.js';

/** A tool call that was recorded. */
export interface RecordedToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** An answer that calls tools first, and says its text once their results are there. */
export interface RecordedAnswer {
  readonly toolCalls?: readonly RecordedToolCall[];
  readonly text?: string;
}

/** Recorded answers of one prompt, by model. */
export interface AnswerBookEntry {
  readonly prompt: string;
  readonly answers: Readonly<Record<string, string | RecordedAnswer>>;
}

/** Recorded answers, found by the exact text of the last user message. */
export class AnswerBook {
  readonly #answers = new Map<string, Map<string, RecordedAnswer>>();
  readonly #models = new Set<string>();

  /** Several entries of one prompt add up; of two answers of one model the later stays. */
  constructor(entries: Iterable<AnswerBookEntry>) {
    for (const { prompt, answers } of entries) {
      const byModel = this.#answers.get(prompt) ?? new Map<string, RecordedAnswer>();
      this.#answers.set(prompt, byModel);
      for (const [model, answer] of Object.entries(answers)) {
        byModel.set(model, typeof answer === 'string' ? { text: answer } : answer);
        this.#models.add(model);
      }
    }
  }

  /** The models that have an answer to anything. */
  get models(): ReadonlySet<string> {
    return this.#models;
  }

  find(prompt: string, model: string): RecordedAnswer | null {
    return this.#answers.get(prompt)?.get(model) ?? null;
  }
}

/**
 * Reads an answer book: JSON lines `{"prompt": string, "answers": {"model": ANSWER}}`, where an answer is a text or
 * `{"toolCalls": [{"name": string, "arguments": {…}}], "text": string}`. Empty lines are skipped.
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
      models.map(([model, answer]) => [model, readAnswer(answer, `${place} answers.${model}`)]),
    ),
  };
}

function readAnswer(answer: unknown, place: string): string | RecordedAnswer {
  if (!isJsonRecord(answer)) return readString(answer, place);
  const { toolCalls, text } = answer;
  return {
    ...(text !== undefined && { text: readString(text, `${place}.text`) }),
    toolCalls: readArray(toolCalls, `${place}.toolCalls`).map((call, index) => {
      const path = `${place}.toolCalls[${index}]`;
      const record = readRecord(call, path);
      return {
        name: readString(record['name'], `${path}.name`),
        arguments: readRecord(record['arguments'], `${path}.arguments`),
      };
    }),
  };
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new InvalidField(place, 'is not JSON');
  }
}
