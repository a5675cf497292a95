import { InvalidRequest } from '@parsimony/contract';
import { isUuid } from './uuid.js';

export interface PageRequest {
  /** How many items at most, 1 to 1,000. */
  readonly first: number;
  /** The cursor of the item before the page. */
  readonly after?: string | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
  /** Cursor of the last item; null on an empty page. */
  readonly endCursor: string | null;
}

const LARGEST_PAGE = 1_000;

/** Where a list begins: before the lowest id, ascending, or behind the highest one, descending. */
const OLDEST_FIRST = '00000000-0000-0000-0000-000000000000';
export const NEWEST_FIRST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export function cursorOf(item: { readonly id: string }): string {
  return Buffer.from(item.id).toString('base64url');
}

/**
 * Reads one page by key, not by offset: what was inserted or deleted meanwhile neither repeats nor skips an item.
 *
 * @param read gives at most `take` items behind `after`: whose id is greater, ascending, or with `NEWEST_FIRST` lower,
 * descending.
 * @throws InvalidRequest for a page size or cursor that is none.
 */
export async function readPage<Item extends { readonly id: string }>(
  request: PageRequest,
  read: (after: string, take: number) => Promise<readonly Item[]>,
  beginning = OLDEST_FIRST,
): Promise<Page<Item>> {
  const { first } = request;
  if (!Number.isInteger(first) || first < 1 || first > LARGEST_PAGE) {
    throw new InvalidRequest(`a page has 1 to ${LARGEST_PAGE} items`, { param: 'first' });
  }
  const after = request.after == null ? beginning : Buffer.from(request.after, 'base64url').toString();
  if (!isUuid(after)) throw new InvalidRequest('this is no cursor of ours', { param: 'after' });
  const found = await read(after, first + 1);
  const items = found.slice(0, first);
  const last = items.at(-1);
  return { items, hasNextPage: found.length > first, endCursor: last ? cursorOf(last) : null };
}
