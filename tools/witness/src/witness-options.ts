import type { PicoDollars } from '@parsimony/contract';

export interface WitnessOptions {
  /** Of one gateway, or of several in front of one cap; `/chat/completions` comes behind it. */
  readonly baseUrls: readonly string[];
  /** The key with the cap. */
  readonly key: string;
  /** Address of the simulator's bill. */
  readonly billUrl: string;
  /** Label of the one key of the bill that counts, as the bill shows it; undefined: all of it. */
  readonly billKey?: string | undefined;
  readonly cap: PicoDollars;
  readonly model: string;
  /** Callers at once for each base URL. */
  readonly callers: number;
  /** The calls of each caller are a function of it. */
  readonly seed: number;
  /** The most that any call asks for, in tokens. */
  readonly largestAnswer: number;
  /** Share of the calls that stream, 0 to 1. */
  readonly streams: number;
  /** A caller ends after so many refusals in a row. */
  readonly stopAfterRefusals: number;
  readonly timeoutMs: number;
}

export const DEFAULT_OPTIONS = {
  model: 'gpt-4.1-mini',
  callers: 250,
  seed: 1,
  largestAnswer: 2_000,
  streams: 0.25,
  stopAfterRefusals: 3,
  timeoutMs: 120_000,
} as const satisfies Partial<WitnessOptions>;
