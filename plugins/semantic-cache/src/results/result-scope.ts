import { hash } from 'node:crypto';
import type { CallContext, ResultQuestion } from '@parsimony/contract';
import { idOfKey, sharedWith, type Sharing } from '../keys/index.js';
import { languageOf, type Language } from '../questions/index.js';

/** Goes up with every change of what these are made of; results under older ones are then never found again. */
const VERSION = 'parsimony-result-1';

/** Where a result is found. */
export interface ResultPlace {
  /** SHA-256, 32 bytes, of the namespace and the input as it counts. */
  readonly key: Buffer;
  /** The entry's id, made from the key. */
  readonly id: string;
  /** Within what it is found by nearness. */
  readonly scope: string;
  readonly language: Language;
}

/** Inputs that differ in white space, or in how Unicode composes a letter, are one. */
export function placeOf({ caller }: CallContext, { namespace, input }: ResultQuestion, sharing: Sharing): ResultPlace {
  const plain = input.normalize('NFC').trim().replaceAll(/\s+/gu, ' ');
  const head = [VERSION, sharedWith(sharing, caller), namespace];
  const key = hash('sha256', JSON.stringify([...head, plain]), 'buffer');
  const language = languageOf(plain);
  const scope = hash('sha256', JSON.stringify([...head, language]), 'base64url');
  return { key, id: idOfKey(key), scope, language };
}
