import type { Json, JsonObject } from '@parsimony/contract';
import { checkFields, equals, fieldRules, hint, refused } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { unsupported } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import { listAt, objectAt, optionalText, requiredText } from '../../shared/request-fields.js';

/** What chat completions takes for the `content` of a message. */
export type ChatContent = string | readonly JsonObject[];

/** The types of content part that one role may hold. */
export type PartTypes = ReadonlyMap<string, (part: JsonObject, path: Path) => JsonObject>;

const TEXT = fieldRules(['type', 'text', 'prompt_cache_breakpoint']);
// What a provider remarked on its own text is no part of the conversation.
const OUTPUT_TEXT = fieldRules(['type', 'text'], { annotations: hint, logprobs: hint });
const REFUSAL = fieldRules(['type', 'refusal']);
const IMAGE = fieldRules(['type', 'image_url', 'prompt_cache_breakpoint'], {
  file_id: refused,
  detail: (value) => value === 'auto' || value === 'low' || value === 'high',
});
const FILE = fieldRules(['type', 'file_data', 'filename', 'prompt_cache_breakpoint'], {
  file_id: refused,
  file_url: refused,
  detail: equals('auto'),
});

/** Of a user's message. */
export const USER_PARTS: PartTypes = new Map([
  ['input_text', textPart],
  ['input_image', imagePart],
  ['input_file', filePart],
]);

/** Of a model's earlier answer; in messages without an id its texts are often called `input_text`. */
export const ASSISTANT_PARTS: PartTypes = new Map([
  ['output_text', outputTextPart],
  ['input_text', textPart],
  ['refusal', refusalPart],
]);

/** Of instructions and of a tool's output, where chat completions takes text alone. */
export const TEXT_PARTS: PartTypes = new Map([['input_text', textPart]]);

/**
 * Translates the content of a message. One plain text becomes a string, since many providers take no list there.
 *
 * @throws UnsupportedParameter for a type of part that is not in `types`; InvalidRequest for what is no content.
 */
export function chatContent(value: Json | undefined, types: PartTypes, path: Path): ChatContent {
  if (typeof value === 'string') return value;
  const parts = listAt(value, path).map((item, index) => {
    const at = `${path}[${index}]`;
    const part = objectAt(item, at);
    const type = requiredText(part, 'type', at);
    const translatePart = types.get(type);
    if (translatePart === undefined) throw unsupported(`${at}.type`, 'chat completions has no such content here');
    return translatePart(part, at);
  });
  const [first] = parts;
  if (first === undefined) return '';
  const plain = parts.length === 1 && first['prompt_cache_breakpoint'] === undefined ? first['text'] : undefined;
  return typeof plain === 'string' ? plain : parts;
}

function textPart(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, TEXT);
  return withBreakpoint({ type: 'text', text: requiredText(part, 'text', path) }, part);
}

function outputTextPart(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, OUTPUT_TEXT);
  return { type: 'text', text: requiredText(part, 'text', path) };
}

function refusalPart(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, REFUSAL);
  return { type: 'refusal', refusal: requiredText(part, 'refusal', path) };
}

function imagePart(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, IMAGE);
  const image: JsonDraft = { url: requiredText(part, 'image_url', path) };
  if (part['detail'] != null) image['detail'] = part['detail'];
  return withBreakpoint({ type: 'image_url', image_url: image }, part);
}

function filePart(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, FILE);
  const file: JsonDraft = {};
  const filename = optionalText(part, 'filename', path);
  if (filename !== undefined) file['filename'] = filename;
  file['file_data'] = requiredText(part, 'file_data', path);
  return withBreakpoint({ type: 'file', file }, part);
}

/** A mark for the provider's prompt cache; both protocols write it alike. */
function withBreakpoint(translated: JsonObject, part: JsonObject): JsonObject {
  const breakpoint = part['prompt_cache_breakpoint'] ?? undefined;
  return breakpoint === undefined ? translated : { ...translated, prompt_cache_breakpoint: breakpoint };
}
