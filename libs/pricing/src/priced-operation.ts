import type { Operation } from '@parsimony/contract';
import type { ModelPrice } from './model-price.js';

/**
 * Whether a price says what such a call costs. One that is by characters or seconds alone says nothing of a call that is
 * billed by tokens, which it would make free: charge the ceiling then.
 */
export function isPricedFor(operation: Operation, { standard }: ModelPrice): boolean {
  const [{ rates, dearestInput, dearestOutput }] = standard;
  if (dearestInput > 0n || dearestOutput > 0n) return true;
  if (operation === 'audio.speech') return rates.characters > 0n || rates.seconds === 0n;
  if (operation === 'audio.transcriptions' || operation === 'audio.translations')
    return rates.seconds > 0n || rates.characters === 0n;
  return rates.characters === 0n && rates.seconds === 0n;
}
