import { isTier } from '@parsimony/contract';
import type { Call, ModelTarget } from '@parsimony/contract';
import type { TenantDocument } from '@parsimony/tenancy';

/**
 * Where else a call may go when its target fails: what the tenant's document names for that model, and for a call that
 * asked for a tier and not for a model, the tier's other models.
 */
export function fallbackTargets(
  { reliability, tiers }: Pick<TenantDocument, 'reliability' | 'tiers'>,
  target: ModelTarget,
  call: Call,
): readonly ModelTarget[] {
  const own = `${target.provider}/${target.model}`;
  const names = [...(reliability.fallbacks[own] ?? [])];
  const { requestedModel } = call;
  if (target.tier !== null && (requestedModel === 'auto' || isTier(requestedModel)))
    names.push(...(tiers[target.tier] ?? []));
  return [...new Set(names)].filter((name) => name !== own).map((name) => toTarget(name, target));
}

function toTarget(name: string, { tier }: ModelTarget): ModelTarget {
  const slash = name.indexOf('/');
  return { provider: name.slice(0, slash), model: name.slice(slash + 1), tier };
}
