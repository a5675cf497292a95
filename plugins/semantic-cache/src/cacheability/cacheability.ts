import type { Call, GenerationCall } from '@parsimony/contract';
import type { Configuration } from '../configuration.js';
import type { KeyedCall } from '../keys/index.js';
import { hasProviderState } from './provider-state.js';
import { usesProviderTools } from './provider-tools.js';
import type { Uncacheable } from './uncacheable.js';
import { volatileTools } from './volatile-tools.js';

/** What a model samples with where the caller names no temperature (OpenAI, Anthropic: API references). */
const USUAL_TEMPERATURE = 1;

/** Says why an answer may not come from a cache; undefined where it may. Only calls that `isKeyed` lets through have a key. */
export type Cacheability = (call: Call) => Uncacheable | undefined;

export function cacheability({ maxTemperature, volatileTools: patterns }: Configuration): Cacheability {
  const holdsVolatileResult = volatileTools(patterns);
  return (call) => {
    if (call.cache === 'no-store') return 'no-store';
    if (!isKeyed(call)) return 'operation';
    if (!isGeneration(call)) return undefined;
    const { body } = call;
    const temperature = body['temperature'] ?? USUAL_TEMPERATURE;
    if (typeof temperature !== 'number' || temperature > maxTemperature) return 'temperature';
    if (hasProviderState(call)) return 'stateful';
    if (wantsAudio(call)) return 'audio-answer';
    if (usesProviderTools(call)) return 'provider-tools';
    if (holdsVolatileResult(call.operation === 'responses' ? call.body.input : call.body.messages))
      return 'volatile-tools';
    return undefined;
  };
}

/** Sound and subtitles are not kept. */
export function isKeyed(call: Call): call is KeyedCall {
  return isGeneration(call) || call.operation === 'embeddings' || call.operation === 'moderations';
}

function isGeneration(call: Call): call is GenerationCall {
  return call.operation === 'chat.completions' || call.operation === 'responses' || call.operation === 'messages';
}

/** Each answer in sound has an id of its own, by which later turns name it until it expires. */
function wantsAudio({ body }: GenerationCall): boolean {
  const modalities = body['modalities'];
  return Array.isArray(modalities) && modalities.includes('audio');
}
