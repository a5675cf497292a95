import { nullable, oneOf, readRecord } from '../field.js';
import { invalidRequest } from './anthropic-error.js';
import type { PromptBlock } from './prompt-block.js';

/** How long a marked prefix is kept. */
export type CacheMark = '5m' | '1h';

const MOST_MARKS = 4;
const readKind = oneOf('ephemeral');
const readLifetime = nullable(oneOf('5m', '1h'));

/** Reads a `cache_control`; null where there is none. @throws InvalidField */
export function readCacheMark(value: unknown, path: string): CacheMark | null {
  if (value === undefined || value === null) return null;
  const control = readRecord(value, path);
  readKind(control['type'], `${path}.type`);
  return readLifetime(control['ttl'], `${path}.ttl`) ?? '5m';
}

/** Marks the last block, where the request itself bears a mark. */
export function markLast(blocks: readonly PromptBlock[], mark: CacheMark | null): readonly PromptBlock[] {
  return mark === null
    ? blocks
    : blocks.map((block, index) => (index === blocks.length - 1 && block.mark === null ? { ...block, mark } : block));
}

/** @throws AnthropicError 400 where there are too many marks, or one of an hour behind one of five minutes. */
export function checkCacheMarks(blocks: readonly PromptBlock[]): void {
  const marks = blocks.flatMap(({ mark }) => (mark === null ? [] : [mark]));
  if (marks.length > MOST_MARKS)
    throw invalidRequest(
      `A maximum of ${MOST_MARKS} blocks with cache_control may be provided. Found ${marks.length}.`,
    );
  if (marks.includes('5m') && marks.lastIndexOf('1h') > marks.indexOf('5m'))
    throw invalidRequest(
      "cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
    );
}
