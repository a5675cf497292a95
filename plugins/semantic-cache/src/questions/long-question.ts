/** Longer than this is no question that anybody words in two ways; embedders and evidence are made for less. */
const LONGEST_QUESTION = 1_000;

/** A shorter message is one question, however many paragraphs it has. */
const WHOLE_UP_TO = 400;

export interface ParsedMessage {
  /** What is compared by meaning. */
  readonly question: string;
  /** What stands before it and has to be the same, letter by letter. */
  readonly context: string;
}

/**
 * Parts a message into the question, its last paragraph, and what the question is about. Applications put documents
 * before a question: to an embedder two messages of one document and two questions are all but the same, and so they
 * are to any measure over the whole text.
 *
 * @returns undefined where the last paragraph is too long to be a question.
 */
export function parseMessage(text: string): ParsedMessage | undefined {
  const trimmed = text.trim();
  if (trimmed.length <= WHOLE_UP_TO) return { question: trimmed, context: '' };
  const at = trimmed.lastIndexOf('\n');
  const question = trimmed.slice(at + 1).trim();
  if (question.length > LONGEST_QUESTION) return undefined;
  return { question, context: trimmed.slice(0, at + 1).trim() };
}
