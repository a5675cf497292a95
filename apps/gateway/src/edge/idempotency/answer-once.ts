import { createHash } from 'node:crypto';
import { InvalidRequest } from '@parsimony/contract';
import type { CallerRef } from '@parsimony/contract';
import type { IdempotencyStore } from '@parsimony/tenancy';
import type { AnswerWriter } from '../answers/answer-writer.js';
import { RecordedAnswer } from './recorded-answer.js';

export interface OnceRequest {
  readonly caller: CallerRef;
  /** The line `idempotency-key`. */
  readonly key: string;
  readonly path: string;
  readonly body: Buffer;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Answers a request that bears an idempotency key (IETF draft "The Idempotency-Key HTTP Header Field"): the first one is
 * answered by `answer`, later ones get what it got. Errors are not kept: after one the request may be made anew.
 *
 * @param answer says whether it gave the whole answer
 * @throws IdempotencyInProgress, IdempotencyKeyReused, InvalidRequest, DatabaseUnavailable, and what `answer` throws.
 */
export async function answerOnce(
  store: IdempotencyStore,
  { caller, key, path, body }: OnceRequest,
  response: AnswerWriter,
  answer: (response: AnswerWriter) => Promise<boolean>,
  onFault: (error: unknown) => void,
): Promise<void> {
  if (!KEY.test(key))
    throw new InvalidRequest('idempotency-key has 1 to 255 visible ASCII characters', { param: 'idempotency-key' });
  const request = createHash('sha256').update(path).update('\0').update(body).digest();
  const turn = await store.begin({ tenantId: caller.tenantId, keyId: caller.keyId }, key, request);
  if (turn.state === 'replay') {
    const { status, headers, body: bytes } = turn.answer;
    response.writeHead(status, [...headers, 'idempotent-replayed', 'true']);
    response.end(bytes);
    return;
  }
  const recorded = new RecordedAnswer(response);
  let isWhole = false;
  try {
    isWhole = await answer(recorded);
  } finally {
    const kept = isWhole ? recorded.kept : undefined;
    // The money is spent: the caller gets its answer even where the record of it cannot be written.
    await (kept ? turn.complete(kept) : turn.abandon()).catch(onFault);
    recorded.release();
  }
}
