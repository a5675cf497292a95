import { hash } from 'node:crypto';
import type { Call, ChatCall, EmbeddingsCall, MessagesCall, ModerationsCall, ResponsesCall } from '@parsimony/contract';
import { canonicalMembers } from './canonical-json.js';
import { modelClass, sharedWith, type Sharing } from './sharing.js';

/** Calls whose answers can be kept. */
export type KeyedCall = ChatCall | ResponsesCall | MessagesCall | EmbeddingsCall | ModerationsCall;

/** Goes up with every change of what a key is made of; answers under older keys are then never found again. */
export const KEY_VERSION = 'parsimony-answer-1';

/**
 * Members of a body that do not change the answer, and do not come back in it. `model` and `stream` are no exception: the
 * key names what they come to. What Responses repeats in its answer (`metadata`, `user`, …) stays in: a hit would show it
 * to another caller.
 */
const IRRELEVANT: Readonly<Record<KeyedCall['operation'], ReadonlySet<string>>> = {
  'chat.completions': new Set([
    'model',
    'stream',
    'store',
    'user',
    'metadata',
    'safety_identifier',
    'prompt_cache_key',
    'prompt_cache_retention',
  ]),
  responses: new Set(['model', 'stream']),
  messages: new Set(['model', 'stream', 'metadata']),
  embeddings: new Set(['model', 'user']),
  moderations: new Set(['model']),
};

/**
 * What stands for everything that changes the answer to a call.
 *
 * @returns SHA-256, 32 bytes.
 * @throws InexactNumber where the body has a number that JavaScript cannot tell from its neighbours.
 */
export function answerKey(call: KeyedCall, sharing: Sharing): Buffer {
  const head = [
    KEY_VERSION,
    sharedWith(sharing, call.caller),
    call.operation,
    modelClass(call),
    call.stream,
    betasOf(call),
  ];
  return hash('sha256', `${JSON.stringify(head)}${canonicalMembers(call.body, IRRELEVANT[call.operation])}`, 'buffer');
}

/** Beta features change what Anthropic answers, in whatever order they are named. */
function betasOf(call: Call): readonly string[] {
  return call.operation === 'messages' && call.betas ? [...new Set(call.betas)].sort() : [];
}
