import { hash, randomUUID } from 'node:crypto';
import { NO_USAGE } from '@parsimony/contract';
import { TENANT_ID } from '@parsimony/testkit';
import { foldPrompt, type Entry } from '../src/entries/index.js';

const HOUR_MS = 3_600_000;

/** An exact entry of its own; `changes` replace its fields. */
export function anEntry(changes: Partial<Entry> = {}): Entry {
  const now = Date.now();
  const answer = Buffer.from(`ответ ${randomUUID()}`);
  return {
    tenantId: TENANT_ID,
    id: randomUUID(),
    kind: 'exact',
    key: hash('sha256', randomUUID(), 'buffer'),
    scope: null,
    namespace: null,
    question: null,
    prompt: foldPrompt('Сколько стоит доставка?'),
    signature: null,
    answer,
    answerDigest: hash('sha256', answer, 'buffer'),
    target: { provider: 'openai', model: 'gpt-4.1-mini', tier: 'economy' },
    usage: { ...NO_USAGE, input: 11, output: 7 },
    cost: 15_600_000n,
    createdAt: now,
    expiresAt: now + HOUR_MS,
    ...changes,
  };
}
