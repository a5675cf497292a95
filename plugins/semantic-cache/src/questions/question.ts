import type { Call, GenerationCall } from '@parsimony/contract';
import { askedIn, type Asked } from './asked-messages.js';
import type { Ineligible } from './ineligible.js';
import { languageOf, type Language } from './language.js';
import { parseMessage } from './long-question.js';
import { InexactNumber, type Sharing } from '../keys/index.js';
import { scopeOf } from './scope.js';

/** What a call asks, apart from what it is asked about and how. */
export interface Question {
  readonly text: string;
  /** Only questions of one scope may answer each other: a SHA-256 as 43 characters of base64url. */
  readonly scope: string;
  readonly language: Language;
}

/**
 * The question of a call, whose scope is everything else that changes an answer: who asks (as far as answers are shared),
 * model, system prompt, tools, earlier turns, format, language, and every other parameter.
 */
export function questionOf(call: Call, sharing: Sharing): Question | Ineligible {
  if (!isGeneration(call)) return 'operation';
  const refusal = answersOf(call);
  if (refusal) return refusal;
  const asked = askedOf(call);
  if (typeof asked === 'string') return asked;
  const parsed = parseMessage(asked.text);
  if (!parsed) return 'too-long';
  if (!/[\p{L}\p{N}]/u.test(parsed.question)) return 'no-words';
  const language = languageOf(parsed.question);
  try {
    const scope = scopeOf(call, sharing, { rest: asked.rest, context: parsed.context, language });
    return { text: parsed.question, scope, language };
  } catch (error) {
    if (error instanceof InexactNumber) return 'inexact-number';
    throw error;
  }
}

function isGeneration(call: Call): call is GenerationCall {
  return call.operation === 'chat.completions' || call.operation === 'responses' || call.operation === 'messages';
}

function askedOf(call: GenerationCall): Asked | Ineligible {
  return askedIn(call.body, call.operation === 'responses' ? 'input' : 'messages');
}

/** One text, or calls of tools, can be held against another; several answers and sound cannot. */
function answersOf({ body }: GenerationCall): Ineligible | undefined {
  if (typeof body['n'] === 'number' && body['n'] > 1) return 'several-answers';
  const modalities = body['modalities'];
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) return 'not-text-answer';
  return body['audio'] == null ? undefined : 'not-text-answer';
}
