import { hash } from 'node:crypto';
import { formatUsd, parseUsd } from '@parsimony/contract';
import type { IdempotencyScope, IdempotencyStore } from '@parsimony/tenancy';
import type { CompleteInput } from './complete.input.js';
import type { CompletionObject } from './completion.type.js';

/**
 * Completes a call that bears an idempotency key: the first one by `complete`, later ones get what it got. Errors are not
 * kept.
 *
 * @throws IdempotencyInProgress, IdempotencyKeyReused, InvalidRequest, DatabaseUnavailable, and what `complete` throws.
 */
export async function completeOnce(
  store: IdempotencyStore,
  scope: IdempotencyScope,
  { idempotencyKey, ...input }: CompleteInput & { readonly idempotencyKey: string },
  complete: () => Promise<CompletionObject>,
  onFault: (error: unknown) => void,
): Promise<CompletionObject> {
  const turn = await store.begin(scope, idempotencyKey, hash('sha256', `graphql ${JSON.stringify(input)}`, 'buffer'));
  if (turn.state === 'replay') return read(turn.answer.body);
  let completion: CompletionObject | undefined;
  try {
    completion = await complete();
    return completion;
  } finally {
    // The money is spent: the caller gets its answer even where the record of it cannot be written.
    const kept = completion && { status: 200, headers: [], body: write(completion) };
    await (kept ? turn.complete(kept) : turn.abandon()).catch(onFault);
  }
}

function write({ cost, saved, ...completion }: CompletionObject): Buffer {
  return Buffer.from(JSON.stringify({ ...completion, cost: formatUsd(cost), saved: formatUsd(saved) }));
}

function read(bytes: Uint8Array): CompletionObject {
  const kept = JSON.parse(Buffer.from(bytes).toString()) as Omit<CompletionObject, 'cost' | 'saved'> & {
    readonly cost: string;
    readonly saved: string;
  };
  return { ...kept, cost: parseUsd(kept.cost), saved: parseUsd(kept.saved) };
}
