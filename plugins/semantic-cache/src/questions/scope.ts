import { hash } from 'node:crypto';
import type { GenerationCall, JsonObject } from '@parsimony/contract';
import { answerKey, type Sharing } from '../keys/index.js';
import type { Language } from './language.js';

/** Goes up with every change of what a scope is made of; entries of older scopes are then never found again. */
const SCOPE_VERSION = 'parsimony-question-1';

/** What stands around a question. */
export interface Surroundings {
  /** The body without the question. */
  readonly rest: JsonObject;
  /** What stands before the question in its own message. */
  readonly context: string;
  readonly language: Language;
}

/**
 * What has to be the same, letter by letter, for one question's answer to be another's: the exact key of the call without
 * its question. A parameter that nobody here knows is part of it, so that a new one can cost hits and never a wrong answer.
 *
 * @returns SHA-256 in base64url, 43 characters.
 * @throws InexactNumber where the body has a number that JavaScript cannot tell from its neighbours.
 */
export function scopeOf(call: GenerationCall, sharing: Sharing, { rest, context, language }: Surroundings): string {
  const key = answerKey({ ...call, body: rest } as GenerationCall, sharing).toString('base64url');
  return hash('sha256', JSON.stringify([SCOPE_VERSION, key, context, language]), 'base64url');
}
