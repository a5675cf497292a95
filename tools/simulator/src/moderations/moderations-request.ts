import { InvalidField, nullable, oneOf, readRecord, readString, wrongType, type JsonRecord } from '../field.js';

/** What one result is about. */
export interface ModerationInput {
  readonly text: string;
  readonly hasImage: boolean;
}

/** A moderation request, checked. */
export interface ModerationsRequest {
  readonly model: string;
  readonly inputs: readonly ModerationInput[];
}

const DEFAULT_MODEL = 'omni-moderation-latest';
const readPartType = oneOf('text', 'image_url');

/** Reads the body of `POST /v1/moderations`. @throws InvalidField */
export function readModerationsRequest(body: JsonRecord): ModerationsRequest {
  return {
    model: nullable(readString)(body['model'], 'model') ?? DEFAULT_MODEL,
    inputs: readInputs(body['input']),
  };
}

/** A text, several texts with a result each, or the parts of one input. */
function readInputs(value: unknown): readonly ModerationInput[] {
  if (typeof value === 'string') return [{ text: value, hasImage: false }];
  if (!Array.isArray(value)) throw wrongType('input', 'a string or an array', value);
  if (value.length === 0) throw new InvalidField('input', 'expected at least one item');
  if (typeof value[0] !== 'string') return [readParts(value)];
  return value.map((text, index) => ({ text: readString(text, `input[${index}]`), hasImage: false }));
}

function readParts(parts: readonly unknown[]): ModerationInput {
  const texts: string[] = [];
  for (const [index, value] of parts.entries()) {
    const path = `input[${index}]`;
    const part = readRecord(value, path);
    if (readPartType(part['type'], `${path}.type`) === 'text') texts.push(readString(part['text'], `${path}.text`));
    else readString(readRecord(part['image_url'], `${path}.image_url`)['url'], `${path}.image_url.url`);
  }
  return { text: texts.join('\n'), hasImage: texts.length < parts.length };
}
