import type { LeanRequest } from '../load/lean-call.js';

/** What a load generator is to do. */
export interface LoadTask {
  readonly url: string;
  readonly request: LeanRequest;
  readonly connections: number;
  readonly seconds: number;
}

/** What it did. */
export interface LoadResult {
  readonly calls: number;
  /** Calls a second. */
  readonly rate: number;
  /** Answers other than 200, and connections that broke. */
  readonly failed: number;
}

export type LoadGenerator = (task: LoadTask, signal: AbortSignal) => Promise<LoadResult>;
