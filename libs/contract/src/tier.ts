/** A class of models by price and strength: what task maps and cascades speak of, never a model's name. */
export const TIERS = ['economy', 'standard', 'premium'] as const;

export type Tier = (typeof TIERS)[number];

export function isTier(value: unknown): value is Tier {
  return value === 'economy' || value === 'standard' || value === 'premium';
}
