/** Two questions that were asked, of which it is known whether one answer did for both. */
export interface LabelledPair {
  readonly kept: string;
  readonly asked: string;
  readonly right: boolean;
}

/** How near an embedder finds the two questions of a pair. */
export interface ScoredPair {
  /** Cosine, -1 to 1. */
  readonly similarity: number;
  readonly right: boolean;
}
