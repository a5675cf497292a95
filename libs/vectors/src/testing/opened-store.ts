import type { Vectors } from '@parsimony/contract';

/** A store that a test suite uses, and how to close and open it again with what it holds. */
export interface OpenedStore extends AsyncDisposable {
  readonly vectors: Vectors;
  /** Closes the store and opens it again. */
  restart(): Promise<void>;
}
