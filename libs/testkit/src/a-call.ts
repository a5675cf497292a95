import type { ChatCall, EmbeddingsCall, ModelTarget } from '@parsimony/contract';

const TARGET: ModelTarget = { provider: 'openai', model: 'gpt-4.1-mini', tier: 'economy' };

/** Who calls by default. */
export const TENANT_ID = '01936000-0000-7000-9000-00000000000a';
export const KEY_ID = '01936000-0000-7000-9000-0000000000aa';

/** The year 2100: no test of ours waits so long. */
const FAR_AWAY = 4_102_444_800_000;

let made = 0;

/** A streamed chat call as the edge makes it, each with an id of its own; `changes` replace its fields. */
export function aCall(changes: Partial<ChatCall> = {}): ChatCall {
  return {
    ...base(),
    operation: 'chat.completions',
    stream: true,
    body: { model: 'openai/gpt-4.1-mini', stream: true, messages: [{ role: 'user', content: 'Name a prime number.' }] },
    ...changes,
  };
}

/** An embeddings call as the edge makes it; `changes` replace its fields. */
export function anEmbeddingsCall(changes: Partial<EmbeddingsCall> = {}): EmbeddingsCall {
  return {
    ...base(),
    operation: 'embeddings',
    stream: false,
    body: { model: 'openai/gpt-4.1-mini', input: 'A prime number.' },
    ...changes,
  };
}

function base(): Omit<ChatCall, 'operation' | 'stream' | 'body' | 'received'> {
  made += 1;
  return {
    id: `01936000-0000-7000-8000-${String(made).padStart(12, '0')}`,
    receivedAt: 1_795_478_400_000 + made,
    caller: { tenantId: TENANT_ID, teamId: null, keyId: KEY_ID },
    requestedModel: 'openai/gpt-4.1-mini',
    target: TARGET,
    tags: {},
    cache: 'default',
    decisions: [],
    signal: new AbortController().signal,
    deadlineAt: FAR_AWAY,
  };
}
