import { isJsonObject, UnsupportedParameter } from '@parsimony/contract';
import type { Json, JsonObject, Operation } from '@parsimony/contract';
import type { Changes } from '../request/json-body.js';
import { OPENAI_PATHS, type Dialect } from './dialect.js';

/** Members of OpenAI's that Mistral has under another name. */
const RENAMED: Readonly<Record<string, string>> = { max_completion_tokens: 'max_tokens', seed: 'random_seed' };
/** What changes nothing in an answer: who asks, what may be cached, and a wish for the usage that is given unasked. */
const HINTS = ['prompt_cache_key', 'prompt_cache_retention', 'safety_identifier', 'stream_options', 'user'];
/** Members of OpenAI's that Mistral answers with 422, "Extra inputs are not permitted". */
const UNKNOWN = [
  'audio',
  'function_call',
  'functions',
  'logit_bias',
  'logprobs',
  'modalities',
  'service_tier',
  'store',
  'top_logprobs',
  'verbosity',
  'web_search_options',
];

/** Mistral API reference, "Chat Completion". Its last chunk bears the usage unasked. */
export const MISTRAL_DIALECT: Dialect = {
  catalogue: 'mistral',
  defaultBaseUrl: 'https://api.mistral.ai/v1',
  keyHeader: 'authorization',
  headers: [],
  paths: {
    'chat.completions': OPENAI_PATHS['chat.completions'],
    embeddings: OPENAI_PATHS.embeddings,
    moderations: OPENAI_PATHS.moderations,
    'audio.transcriptions': OPENAI_PATHS['audio.transcriptions'],
  },
  body: { usageOption: false, adapt },
  reasoning: 'inside',
};

function adapt(operation: Operation, body: JsonObject): Changes | undefined {
  if (operation !== 'chat.completions') return undefined;
  const changes: Record<string, Json | undefined> = {};
  const { messages } = body;
  if (Array.isArray(messages) && messages.some(isDeveloper)) changes['messages'] = messages.map(asSystem);
  for (const name of HINTS) if (name in body) changes[name] = undefined;
  for (const [name, theirs] of Object.entries(RENAMED)) {
    if (!(name in body)) continue;
    changes[name] = undefined;
    if (isSet(body[name])) changes[theirs] = body[name];
  }
  for (const name of UNKNOWN) {
    if (!(name in body)) continue;
    if (isSet(body[name])) throw new UnsupportedParameter(`Mistral does not know ${name}`, { param: name });
    changes[name] = undefined;
  }
  return Object.keys(changes).length === 0 ? undefined : changes;
}

/** OpenAI's name for what everybody else calls the system; Mistral does not know it. */
function isDeveloper(message: unknown): message is JsonObject {
  return isJsonObject(message) && message['role'] === 'developer';
}

function asSystem(message: Json): Json {
  return isDeveloper(message) ? { ...message, role: 'system' } : message;
}

/** `null` and `false` say what holds for a member that is not there (OpenAI API reference: `store`, `logprobs`). */
function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
