import type { Exchange } from '../exchange.js';
import { Random } from '../generation/random.js';

/**
 * Whether this request falls to its model's or its key's share of failures, whichever is larger. A request that chose
 * its own fault does not.
 */
export function isFailing(
  { choosesFault, settings, key, requestNumber }: Pick<Exchange, 'choosesFault' | 'settings' | 'key' | 'requestNumber'>,
  model: string,
): boolean {
  const share = Math.max(settings.failingModels[model] ?? 0, settings.failingKeys[key] ?? 0);
  if (share === 0 || choosesFault) return false;
  return new Random('failing', settings.seed, key, requestNumber).next() < share;
}
