import type { ScopeIndex } from './scope-index.js';

/** A vector that is kept, as the worker thread holds it. */
export interface Entry {
  readonly id: string;
  /**
   * Names this version of the vector in index files: a random integer of 52 bits. Never given twice, so that an index
   * file that is older than the log can hold too much or too little, but nothing wrong.
   */
  readonly key: number;
  readonly scope: ScopeIndex;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** In the tenant's arena. */
  readonly position: number;
  /** Its place among the scope's entries that are not in the index; -1: it is in the index. */
  place: number;
}
