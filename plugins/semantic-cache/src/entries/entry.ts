import type { JsonObject, ModelTarget, PicoDollars, Usage } from '@parsimony/contract';

export type EntryKind = 'exact' | 'semantic' | 'result';

/** An answer that is kept for a tenant. */
export interface Entry {
  readonly tenantId: string;
  /** UUID. Of an entry with a key it is made from the key (`idOfKey`), so that a newer answer replaces the older. */
  readonly id: string;
  readonly kind: EntryKind;
  /** SHA-256 of all that changes the answer, 32 bytes; null where the answer is found by nearness alone. */
  readonly key: Uint8Array | null;
  /** Within what an answer is found by nearness; null for entries that are found by key. */
  readonly scope: string | null;
  /** Of intermediate results. */
  readonly namespace: string | null;
  /** The question as it was asked. */
  readonly question: string | null;
  /** All that was asked, by `foldPrompt`, for purges by text; null where that is not known: any such purge takes it along. */
  readonly prompt: string | null;
  /** What the policy of verified hits needs to know of the question. */
  readonly signature: JsonObject | null;
  /** As `encodeAnswer` writes replies; intermediate results are JSON in UTF-8. */
  readonly answer: Uint8Array;
  /** SHA-256 of what the answer says, 32 bytes: what tells answers apart that differ. */
  readonly answerDigest: Uint8Array;
  /** Who answered; null for intermediate results. */
  readonly target: ModelTarget | null;
  readonly usage: Usage;
  /** What the answer has cost. */
  readonly cost: PicoDollars;
  /** When it was asked for; milliseconds since the Unix epoch. */
  readonly createdAt: number;
  /** From when on it is not served any more; milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** What a tenant lets the cache keep. */
export interface EntryLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** What an entry counts against `maxBytes`: what it holds, and some for its row. */
export function bytesOf({ answer, prompt, question, signature }: Entry): number {
  const texts = [prompt ?? '', question ?? '', signature ? JSON.stringify(signature) : ''];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), ROW_BYTES + answer.byteLength);
}

const ROW_BYTES = 400;
