import type { Json, JsonObject } from '@parsimony/contract';
import { isJsonObject } from '@parsimony/contract';
import { checkFields, empty, fieldRules, hint, refused } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { fieldPath, quoted, unsupported } from '../../shared/refusals.js';
import { listAt, objectAt, optionalText, requiredObject, requiredText } from '../../shared/request-fields.js';
import { formatDataUrl } from '../data-url.js';

const TEXT_BLOCK = fieldRules(['type', 'text'], { cache_control: hint, citations: empty });
const IMAGE_BLOCK = fieldRules(['type', 'source'], { cache_control: hint, transformations: empty });
const DOCUMENT_BLOCK = fieldRules(['type', 'source', 'title'], {
  cache_control: hint,
  citations: (value) => isJsonObject(value) && value['enabled'] !== true,
  context: refused,
});
const INLINE_SOURCE = fieldRules(['type', 'media_type', 'data']);
const URL_SOURCE = fieldRules(['type', 'url']);

/** Chat completions take a file only with a name; a document has a title only if somebody gave it one. */
const UNTITLED: Readonly<Record<string, string>> = { 'application/pdf': 'document.pdf', 'text/plain': 'document.txt' };

/** A Messages content block as a content part of a chat message. */
export type BlockTranslator = (block: JsonObject, path: Path) => JsonObject;

/** What system prompts, assistants and tools say. */
export const TEXT_BLOCKS: ReadonlyMap<string, BlockTranslator> = new Map([['text', textPart]]);

/** What users send beside results of tools. */
export const USER_BLOCKS: ReadonlyMap<string, BlockTranslator> = new Map([
  ...TEXT_BLOCKS,
  ['image', imagePart],
  ['document', filePart],
]);

/** The blocks that a content holds; a string is short for one block of text. @throws InvalidRequest */
export function blocksOf(content: Json | undefined, path: Path): readonly Json[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return listAt(content, path);
}

/**
 * One content block as a content part.
 *
 * @param blocks which kinds of blocks may stand there, by type.
 * @throws InvalidRequest, UnsupportedParameter
 */
export function contentPart(block: JsonObject, path: Path, blocks: ReadonlyMap<string, BlockTranslator>): JsonObject {
  const type = requiredText(block, 'type', path);
  const translateBlock = blocks.get(type);
  if (translateBlock === undefined) {
    throw unsupported(fieldPath(path, 'type'), `${quoted(type)} has no counterpart here`);
  }
  return translateBlock(block, path);
}

/** A content whose blocks are all of some kinds, as content parts. @throws InvalidRequest, UnsupportedParameter */
export function contentParts(
  content: Json | undefined,
  path: Path,
  blocks: ReadonlyMap<string, BlockTranslator>,
): JsonObject[] {
  return blocksOf(content, path).map((item, index) => {
    const blockPath = `${path}[${index}]`;
    return contentPart(objectAt(item, blockPath), blockPath, blocks);
  });
}

/** One text is written as a string, which every server of chat completions reads. */
export function shortContent(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  const [first] = parts;
  if (parts.length !== 1 || first === undefined) return parts;
  const { type, text } = first;
  return type === 'text' && typeof text === 'string' ? text : parts;
}

function textPart(block: JsonObject, path: Path): JsonObject {
  checkFields(block, path, TEXT_BLOCK);
  return { type: 'text', text: requiredText(block, 'text', path) };
}

function imagePart(block: JsonObject, path: Path): JsonObject {
  checkFields(block, path, IMAGE_BLOCK);
  const source = requiredObject(block, 'source', path);
  const sourcePath = fieldPath(path, 'source');
  const type = requiredText(source, 'type', sourcePath);
  if (type === 'base64') return { type: 'image_url', image_url: { url: dataUrl(source, sourcePath) } };
  if (type !== 'url') throw sourceUnsupported(sourcePath, type);
  checkFields(source, sourcePath, URL_SOURCE);
  return { type: 'image_url', image_url: { url: requiredText(source, 'url', sourcePath) } };
}

function filePart(block: JsonObject, path: Path): JsonObject {
  checkFields(block, path, DOCUMENT_BLOCK);
  const source = requiredObject(block, 'source', path);
  const sourcePath = fieldPath(path, 'source');
  const type = requiredText(source, 'type', sourcePath);
  if (type !== 'base64' && type !== 'text') throw sourceUnsupported(sourcePath, type);
  const mediaType = requiredText(source, 'media_type', sourcePath);
  const filename = optionalText(block, 'title', path) ?? UNTITLED[mediaType] ?? 'document';
  return { type: 'file', file: { filename, file_data: dataUrl(source, sourcePath) } };
}

function dataUrl(source: JsonObject, path: Path): string {
  checkFields(source, path, INLINE_SOURCE);
  const mediaType = requiredText(source, 'media_type', path);
  const data = requiredText(source, 'data', path);
  const base64 = source['type'] === 'text' ? Buffer.from(data, 'utf8').toString('base64') : data;
  return formatDataUrl({ mediaType, data: base64 });
}

function sourceUnsupported(path: Path, type: string): Error {
  return unsupported(fieldPath(path, 'type'), `${quoted(type)} has no counterpart here`);
}
