import { InvalidRequest, ResourceNotFound } from '@parsimony/contract';
import { checkTags } from '../../edge/request-options.js';
import type { UsageFilter } from './usage-filter.input.js';

/** Which part of the ledger is meant, proved. */
export interface LedgerFilter {
  readonly tenantId: string;
  readonly teamId: string | null;
  readonly keyId: string | null;
  readonly model: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly from: Date;
  readonly to: Date;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LONGEST_RANGE_DAYS = 400;
const DAY_MS = 86_400_000;

/** @throws InvalidRequest that names the field; ResourceNotFound for an id that can be none. */
export function parseLedgerFilter(filter: UsageFilter): LedgerFilter {
  const { tenantId, teamId = null, apiKeyId = null, model = null, tags, from, to } = filter;
  if (!(from < to)) throw new InvalidRequest('`from` must be before `to`', { param: 'filter.from' });
  if (to.getTime() - from.getTime() > LONGEST_RANGE_DAYS * DAY_MS)
    throw new InvalidRequest(`the range must not be longer than ${LONGEST_RANGE_DAYS} days`, { param: 'filter.to' });
  return {
    tenantId: uuid(tenantId, 'tenant', 'filter.tenantId'),
    teamId: teamId === null ? null : uuid(teamId, 'team', 'filter.teamId'),
    keyId: apiKeyId === null ? null : uuid(apiKeyId, 'API key', 'filter.apiKeyId'),
    model,
    tags: tags == null || tags.length === 0 ? null : checkTags(tags, 'filter.tags'),
    from,
    to,
  };
}

function uuid(text: string, kind: string, param: string): string {
  if (UUID.test(text)) return text;
  throw new ResourceNotFound(`there is no such ${kind}, or you may not see it`, { param });
}
