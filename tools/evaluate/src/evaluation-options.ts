/** What subjects are told by the command line. */
export interface EvaluationOptions {
  /** Holds sub-folders such as `semantic-cache`. */
  readonly data: string;
  /** The same layout; undefined where nothing is to be learned. */
  readonly train: string | undefined;
  readonly seeds: number;
  /** Keeps what is dear to compute between runs. */
  readonly cache: string;
  readonly log: (line: string) => void;
}
