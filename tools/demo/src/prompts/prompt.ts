import { languageOf, type Language } from './language.js';

/** A question of the demo. */
export interface Prompt {
  readonly text: string;
  readonly language: Language;
}

/**
 * Reads JSON lines, one prompt each, in the field `prompt`.
 *
 * @param name as errors name the source.
 * @throws Error that names the first line without a prompt.
 */
export function parsePrompts(lines: string, name: string): Prompt[] {
  return lines.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const text = promptOf(line);
    if (text === undefined) throw new Error(`${name}, line ${index + 1}: expected an object with a text in "prompt"`);
    return [{ text, language: languageOf(text) }];
  });
}

function promptOf(line: string): string | undefined {
  try {
    const { prompt } = JSON.parse(line) as { prompt?: unknown };
    return typeof prompt === 'string' && prompt !== '' ? prompt : undefined;
  } catch {
    return undefined;
  }
}
