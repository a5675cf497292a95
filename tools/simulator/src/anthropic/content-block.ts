import { InvalidField, oneOf, readRecord, readString, wrongType, type JsonRecord } from '../field.js';
import { jsonText } from '../json-text.js';
import { invalidRequest } from './anthropic-error.js';
import { readCacheMark, type CacheMark } from './cache-mark.js';

/** A content block, as far as the simulator reads it. */
export interface ContentBlock extends BlockBody {
  /** Everything that makes it another block. */
  readonly identity: string;
  readonly mark: CacheMark | null;
}

interface BlockBody {
  readonly type: string;
  readonly text: string;
  readonly mediaTokens: number;
  /** Which call it is, or is the result of; null: neither. */
  readonly toolUseId: string | null;
}

/** What an image of 1,092 pixels squared counts; the simulator opens no image. */
const IMAGE_TOKENS = 1568;

/** A flat count for documents that are not text. */
const DOCUMENT_TOKENS = 3000;

const readImageSource = oneOf('base64', 'url', 'file');
const readDocumentSource = oneOf('base64', 'text', 'content', 'url', 'file');
const readImageType = oneOf('image/jpeg', 'image/png', 'image/gif', 'image/webp');

/** What may stand in a result or a document. None of these holds further blocks, so that nothing nests without end. */
const INNER_TYPES: readonly string[] = ['text', 'image', 'search_result'];

/** Reads a `content`: a text, or a list of blocks. @throws InvalidField, AnthropicError */
export function readContent(value: unknown, path: string): readonly ContentBlock[] {
  if (typeof value === 'string') return [{ ...plain('text', value), identity: value, mark: null }];
  if (!Array.isArray(value)) throw wrongType(path, 'a string or an array of content blocks', value);
  return value.map((block, index) => readBlock(block, `${path}[${index}]`));
}

/** The blocks inside a block, added up. */
function readInnerContent(value: unknown, path: string): Pick<BlockBody, 'text' | 'mediaTokens'> {
  for (const block of Array.isArray(value) ? (value as readonly unknown[]) : [])
    if (!INNER_TYPES.includes(String(readRecord(block, path)['type'])))
      throw new InvalidField(path, `Input tag does not match any of the expected tags: ${INNER_TYPES.join(', ')}`);
  const blocks = readContent(value, path);
  return {
    text: blocks.map(({ text }) => text).join(''),
    mediaTokens: blocks.reduce((total, block) => total + block.mediaTokens, 0),
  };
}

function readBlock(value: unknown, path: string): ContentBlock {
  const { cache_control: control, ...block } = readRecord(value, path);
  const type = readString(block['type'], `${path}.type`);
  const mark = readCacheMark(control, `${path}.cache_control`);
  // A mark may move on to a later block without making this one another.
  return { ...readBody(type, block, path), identity: jsonText(block, path), mark };
}

function readBody(type: string, block: JsonRecord, path: string): BlockBody {
  switch (type) {
    case 'text':
      return plain(type, readText(block, path));
    case 'image':
      checkImage(block, path);
      return { ...plain(type, ''), mediaTokens: IMAGE_TOKENS };
    case 'document':
      return readDocument(block, path);
    case 'tool_use':
      readString(block['name'], `${path}.name`);
      readRecord(block['input'], `${path}.input`);
      return { ...plain(type, jsonText([block['name'], block['input']], path)), toolUseId: readId(block, 'id', path) };
    case 'tool_result':
      return readToolResult(block, path);
    case 'thinking':
      readString(block['thinking'], `${path}.thinking`);
      readString(block['signature'], `${path}.signature`);
      return plain(type, '');
    case 'redacted_thinking':
      readString(block['data'], `${path}.data`);
      return plain(type, '');
    case 'search_result':
    case 'server_tool_use':
    case 'web_search_tool_result':
      return plain(type, jsonText(block, path));
    default:
      throw new InvalidField(
        path,
        `Input tag '${type}' found using 'type' does not match any of the expected tags: 'document', 'image', 'redacted_thinking', 'search_result', 'server_tool_use', 'text', 'thinking', 'tool_result', 'tool_use', 'web_search_tool_result'`,
      );
  }
}

function readText(block: JsonRecord, path: string): string {
  const text = readString(block['text'], `${path}.text`);
  if (text === '') throw invalidRequest('messages: text content blocks must be non-empty');
  return text;
}

function readToolResult(block: JsonRecord, path: string): BlockBody {
  const { content } = block;
  return {
    ...plain('tool_result', ''),
    ...(content !== undefined && readInnerContent(content, `${path}.content`)),
    toolUseId: readId(block, 'tool_use_id', path),
  };
}

function checkImage(block: JsonRecord, path: string): void {
  const source = readRecord(block['source'], `${path}.source`);
  if (readImageSource(source['type'], `${path}.source.type`) === 'base64') {
    readImageType(source['media_type'], `${path}.source.media_type`);
    readString(source['data'], `${path}.source.data`);
  }
}

function readDocument(block: JsonRecord, path: string): BlockBody {
  const source = readRecord(block['source'], `${path}.source`);
  switch (readDocumentSource(source['type'], `${path}.source.type`)) {
    case 'text':
      return plain('document', readString(source['data'], `${path}.source.data`));
    case 'content':
      return { ...plain('document', ''), ...readInnerContent(source['content'], `${path}.source.content`) };
    case 'base64':
      readString(source['data'], `${path}.source.data`);
      break;
    case 'url':
    case 'file':
      break;
  }
  return { ...plain('document', ''), mediaTokens: DOCUMENT_TOKENS };
}

function readId(block: JsonRecord, name: string, path: string): string {
  return readString(block[name], `${path}.${name}`);
}

function plain(type: string, text: string): BlockBody {
  return { type, text, mediaTokens: 0, toolUseId: null };
}
