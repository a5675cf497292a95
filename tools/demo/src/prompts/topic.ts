import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { languageOf, type Language } from './language.js';

/** A question of a help desk, in the wordings in which customers ask it. */
export interface Topic {
  readonly texts: readonly [string, ...string[]];
  readonly language: Language;
}

const OWN = fileURLToPath(new URL('../../prompts/help-desk.jsonl', import.meta.url));

/** The topics that come with the demo, the most popular first. */
export async function loadTopics(): Promise<Topic[]> {
  const lines = (await readFile(OWN, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { texts } = JSON.parse(line) as Pick<Topic, 'texts'>;
    return { texts, language: languageOf(texts[0]) };
  });
}
