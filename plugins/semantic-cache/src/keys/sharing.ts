import { isTier } from '@parsimony/contract';
import type { CallContext, CallerRef } from '@parsimony/contract';

/** Among whom answers are shared. */
export type Sharing = 'tenant' | 'team' | 'key';

/** The tenant, team or key whose answers a caller may get. A key without a team shares with its like, and with no team. */
export function sharedWith(sharing: Sharing, { tenantId, teamId, keyId }: CallerRef): string {
  if (sharing === 'tenant') return tenantId;
  return sharing === 'team' ? `${tenantId}/team/${teamId ?? ''}` : `${tenantId}/key/${keyId}`;
}

/**
 * Which models' answers a caller takes for one another: those of a tier where it asked for a tier, of whatever `auto` went
 * to, else those of one model. A call that was sent to another tier than it named, by a header or by its budget, is one
 * for the model that it was sent to.
 */
export function modelClass({ requestedModel, target }: Pick<CallContext, 'requestedModel' | 'target'>): string {
  if (requestedModel === 'auto' && target.tier !== null) return `auto:${target.tier}`;
  if (isTier(requestedModel) && target.tier === requestedModel) return `tier:${requestedModel}`;
  return `${target.provider}/${target.model}`;
}
