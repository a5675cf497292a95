import type { ModelPrice } from './model-price.js';
import type { PriceCatalogue } from './price-catalogue.js';

/** Prices do not move that far: it is a slip of the unit, or not the data that they claim to be. */
const FARTHEST_MOVE = 10n;

/** New price data differ from those in use in ways that a person must look at. */
export class CatalogueRefused extends Error {
  override readonly name = 'CatalogueRefused';

  constructor(readonly findings: readonly string[]) {
    super(`the price data were refused: ${findings.slice(0, 5).join('; ')}${findings.length > 5 ? '; …' : ''}`);
  }
}

/**
 * Checks new prices against those in use, at one moment.
 *
 * @param at milliseconds since the Unix epoch.
 * @throws CatalogueRefused where a provider vanished, or a price moved by more than ten times or to nothing.
 */
export function checkCatalogue(next: PriceCatalogue, current: PriceCatalogue, at: number): void {
  const providers = new Set(next.providers().map(({ id }) => id));
  const findings = current
    .providers()
    .filter(({ id }) => !providers.has(id))
    .map(({ id }) => `provider ${id} vanished`);
  const prices = new Map(next.models(at).map(({ provider, id, price }) => [`${provider}/${id}`, price]));
  for (const { provider, id, price } of current.models(at)) {
    const name = `${provider}/${id}`;
    const changed = prices.get(name);
    if (price && changed) findings.push(...moves(name, price, changed));
  }
  if (findings.length > 0) throw new CatalogueRefused(findings);
}

function moves(name: string, before: ModelPrice, after: ModelPrice): string[] {
  return (['input', 'output', 'characters', 'seconds'] as const).flatMap((bucket) => {
    const [from, to] = [before.standard[0].rates[bucket], after.standard[0].rates[bucket]];
    if (from === 0n || (to * FARTHEST_MOVE >= from && to <= from * FARTHEST_MOVE)) return [];
    return [`${bucket} of ${name} moved from ${from} to ${to} pico-dollars`];
  });
}
