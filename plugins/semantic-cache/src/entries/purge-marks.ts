import type { PurgeRequest } from '@parsimony/contract';
import type { Entry } from './entry.js';
import { foldPrompt } from './prompt-text.js';

interface Mark {
  readonly at: number;
  readonly matches: (entry: Entry) => boolean;
}

/** Longer than a call may take, milliseconds. */
const REMEMBERED_MS = 3_600_000;

/**
 * Remembers what was purged, since answers that were asked for before a purge may come after it: from a provider that
 * takes its time, from a queue, or from a look-up that was under way.
 */
export class PurgeMarks {
  readonly #marks = new Map<string, readonly Mark[]>();

  add(tenantId: string, request: PurgeRequest, at: number = Date.now()): void {
    const earlier = (this.#marks.get(tenantId) ?? []).filter((mark) => mark.at > at - REMEMBERED_MS);
    this.#marks.set(tenantId, [...earlier, { at, matches: purgeMatcher(request) }]);
  }

  /** Whether an entry was asked for before a purge that means it. */
  forget(entry: Entry): boolean {
    const marks = this.#marks.get(entry.tenantId);
    return marks !== undefined && marks.some((mark) => entry.createdAt <= mark.at && mark.matches(entry));
  }
}

/** Says of an entry what `PURGE` in SQL says of its row. */
export function purgeMatcher({ olderThan, promptContains, namespace }: PurgeRequest): (entry: Entry) => boolean {
  const text = promptContains === undefined ? undefined : foldPrompt(promptContains);
  return (entry) =>
    (olderThan === undefined || entry.createdAt < olderThan) &&
    (namespace === undefined || entry.namespace === namespace) &&
    (text === undefined || entry.prompt === null || entry.prompt.includes(text));
}
