import type { Json, JsonObject } from '@parsimony/contract';
import { equals, checkFields, fieldRules } from '../../shared/field-rules.js';
import type { Path } from '../../shared/refusals.js';
import { fieldPath, invalid, quoted, unsupported } from '../../shared/refusals.js';
import type { JsonDraft } from '../../shared/request-fields.js';
import {
  listAt,
  objectAt,
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
} from '../../shared/request-fields.js';
import { parseDataUrl } from '../data-url.js';

const TEXT_PART = fieldRules(['type', 'text', 'prompt_cache_breakpoint']);
const REFUSAL_PART = fieldRules(['type', 'refusal']);
const IMAGE_PART = fieldRules(['type', 'image_url', 'prompt_cache_breakpoint']);
const IMAGE_URL = fieldRules(['url'], { detail: equals('auto') });
const FILE_PART = fieldRules(['type', 'file', 'prompt_cache_breakpoint']);
const FILE = fieldRules(['file_data', 'filename']);

const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** A content part of a chat message as a Messages content block. */
export type PartTranslator = (part: JsonObject, path: Path) => JsonObject;

const TEXT = new Map<string, PartTranslator>([['text', textBlock]]);

/** What users send. */
export const USER_PARTS: ReadonlyMap<string, PartTranslator> = new Map([
  ...TEXT,
  ['image_url', imageBlock],
  ['file', documentBlock],
]);

/** What the model said before; a refusal is carried as the words that it is. */
export const ASSISTANT_PARTS: ReadonlyMap<string, PartTranslator> = new Map([...TEXT, ['refusal', refusalBlock]]);

/** What system messages and tools say. */
export const TEXT_PARTS: ReadonlyMap<string, PartTranslator> = TEXT;

/**
 * The content of a chat message as Messages content blocks. Empty texts are left out: they say nothing, and Anthropic
 * refuses them.
 *
 * @param parts which kinds of parts may stand there, by type.
 * @throws InvalidRequest, UnsupportedParameter
 */
export function contentBlocks(
  content: Json | undefined,
  path: Path,
  parts: ReadonlyMap<string, PartTranslator>,
): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  const blocks: JsonObject[] = [];
  for (const [index, item] of listAt(content, path).entries()) {
    const partPath = `${path}[${index}]`;
    const part = objectAt(item, partPath);
    const type = requiredText(part, 'type', partPath);
    const translatePart = parts.get(type);
    if (translatePart === undefined) {
      throw unsupported(fieldPath(partPath, 'type'), `${quoted(type)} has no counterpart here`);
    }
    const block = translatePart(part, partPath);
    if (block['text'] !== '') blocks.push(block);
  }
  return blocks;
}

/** One text without more to it is written as a string, as most callers wrote it. */
export function shortContent(blocks: readonly JsonObject[]): string | readonly JsonObject[] {
  const [first] = blocks;
  if (blocks.length !== 1 || first === undefined) return blocks;
  const { type, text, cache_control: marked } = first;
  return type === 'text' && typeof text === 'string' && marked === undefined ? text : blocks;
}

function textBlock(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, TEXT_PART);
  return marked({ type: 'text', text: requiredText(part, 'text', path) }, part, path);
}

function refusalBlock(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, REFUSAL_PART);
  return { type: 'text', text: requiredText(part, 'refusal', path) };
}

function imageBlock(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, IMAGE_PART);
  const imagePath = fieldPath(path, 'image_url');
  const image = requiredObject(part, 'image_url', path);
  checkFields(image, imagePath, IMAGE_URL);
  return marked({ type: 'image', source: imageSource(requiredText(image, 'url', imagePath), imagePath) }, part, path);
}

function imageSource(url: string, path: Path): JsonObject {
  if (/^https:/i.test(url)) return { type: 'url', url };
  const urlPath = fieldPath(path, 'url');
  const inline = parseDataUrl(url);
  if (inline === undefined) throw unsupported(urlPath, 'must be an https: URL or a data: URL with base64');
  const mediaType = inline.mediaType === 'image/jpg' ? 'image/jpeg' : inline.mediaType;
  if (!IMAGE_TYPES.has(mediaType)) throw unsupported(urlPath, 'must be a JPEG, PNG, GIF or WebP image');
  return { type: 'base64', media_type: mediaType, data: inline.data };
}

function documentBlock(part: JsonObject, path: Path): JsonObject {
  checkFields(part, path, FILE_PART);
  const filePath = fieldPath(path, 'file');
  const file = requiredObject(part, 'file', path);
  checkFields(file, filePath, FILE);
  const source = documentSource(requiredText(file, 'file_data', filePath), fieldPath(filePath, 'file_data'));
  const title = optionalText(file, 'filename', filePath);
  return marked({ type: 'document', source, ...(title !== undefined && { title }) }, part, path);
}

function documentSource(fileData: string, path: Path): JsonObject {
  const inline = parseDataUrl(fileData);
  if (inline === undefined) throw invalid(path, 'must be a data: URL with base64');
  const { mediaType, data } = inline;
  if (mediaType === 'application/pdf') return { type: 'base64', media_type: mediaType, data };
  if (mediaType === 'text/plain') {
    return { type: 'text', media_type: mediaType, data: Buffer.from(data, 'base64').toString('utf8') };
  }
  throw unsupported(path, 'must be a PDF or a plain text');
}

/** Anthropic caches no prompt without a mark; it keeps what is marked for five minutes or for an hour. */
function marked(block: JsonDraft, part: JsonObject, path: Path): JsonObject {
  const breakpoint = optionalObject(part, 'prompt_cache_breakpoint', path);
  if (breakpoint === undefined) return block;
  block['cache_control'] = breakpoint['ttl'] === '12h' ? { type: 'ephemeral', ttl: '1h' } : { type: 'ephemeral' };
  return block;
}
