import { InvalidRequest, PermissionDenied, ResourceNotFound, RevisionConflict } from '@parsimony/contract';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startLimitedTenant } from '../../test/limits.js';
import type { LimitedTenant } from '../../test/limits.js';
import { newId } from '../uuid.js';
import type { RateLimitService, SetRateLimit } from './rate-limit.service.js';

let world: LimitedTenant;
let rateLimits: RateLimitService;
beforeAll(async () => {
  world = await startLimitedTenant();
  rateLimits = world.as('OWNER').rateLimits;
});
afterEach(() => world.database.dataSource.query('UPDATE rate_limit SET deleted_at = now() WHERE deleted_at IS NULL'));
afterAll(() => world[Symbol.asyncDispose]());

const wish = (more: Partial<SetRateLimit> = {}): SetRateLimit => ({
  ...{ tenantId: world.tenantId, requestsPerMinute: 60 },
  ...more,
});

it('is made, replaced whole by the next of its place, and deleted', async () => {
  const tag = { key: 'отдел', value: 'поиск' };
  const first = await rateLimits.set(wish({ tag, tokensPerMinute: 1_000_000_000_000 }));
  expect(first).toEqual({
    ...{ tenantId: world.tenantId, id: first.id, teamId: null, keyId: null, tag, managedBy: 'tenant', revision: 1 },
    ...{ requestsPerMinute: 60, tokensPerMinute: 1_000_000_000_000, concurrentCalls: null },
    ...{ createdAt: expect.any(Date), changedAt: expect.any(Date), changedBy: expect.any(String) },
  });
  const second = await rateLimits.set({ tenantId: world.tenantId, tag, concurrentCalls: 5, expectedRevision: 1 });
  expect(second).toMatchObject({ id: first.id, requestsPerMinute: null, tokensPerMinute: null, concurrentCalls: 5 });
  expect(await rateLimits.list(world.tenantId)).toEqual([second]);
  await expect(rateLimits.set(wish({ tag, expectedRevision: 1 }))).rejects.toBeInstanceOf(RevisionConflict);
  expect(await rateLimits.delete(first.id)).toEqual(second);
  await expect(rateLimits.locate(first.id)).rejects.toBeInstanceOf(ResourceNotFound);
  await expect(rateLimits.delete(first.id)).rejects.toBeInstanceOf(ResourceNotFound);
  const { items } = await world.system.audit.list(world.tenantId, { first: 100 });
  expect(items.filter(({ targetId }) => targetId === first.id).map(({ action }) => action)).toEqual([
    'rate-limit.delete',
    'rate-limit.set',
    'rate-limit.set',
  ]);
});

it('is one where several set it at once', async () => {
  const rates = [1, 2, 3, 4, 5, 6];
  const set = await Promise.all(
    rates.map((requestsPerMinute) => world.as('OPERATOR').rateLimits.set(wish({ requestsPerMinute }))),
  );
  expect(set.map(({ revision }) => revision).toSorted()).toEqual(rates);
  expect(await rateLimits.list(world.tenantId)).toEqual([set.find(({ revision }) => revision === 6)]);
});

it.each<[string, Partial<SetRateLimit>, string]>([
  ['no measure', { requestsPerMinute: null }, 'requestsPerMinute'],
  ['none', { requestsPerMinute: 0 }, 'requestsPerMinute'],
  ['less than none', { tokensPerMinute: -1 }, 'tokensPerMinute'],
  ['a part of a call', { concurrentCalls: 1.5 }, 'concurrentCalls'],
  ['no number', { concurrentCalls: Number.NaN }, 'concurrentCalls'],
  ['too many', { tokensPerMinute: 1e13 }, 'tokensPerMinute'],
  ['a tag that no call can have', { tag: { key: '=', value: 'x' } }, 'tag.key'],
])('is not made with %s', async (_, more, param) => {
  const refusal: unknown = await rateLimits.set(wish(more)).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InvalidRequest);
  expect(refusal).toMatchObject({ param });
});

it('is for the teams and keys of its tenant, and found by them', async () => {
  const { red, redKey, blueKey, otherKey, otherTeam, tenantId } = world;
  const ofTenant = await rateLimits.set(wish());
  const ofTeam = await rateLimits.set(wish({ teamId: red }));
  const ofKey = await rateLimits.set(wish({ keyId: redKey }));
  expect(ofKey.teamId).toBe(red);
  expect(await rateLimits.ofTenants([tenantId, 'none'])).toEqual([ofTenant, ofTeam, ofKey]);
  expect(await rateLimits.ofTeams([red])).toEqual([ofTeam]);
  expect(await rateLimits.ofKeys([redKey])).toEqual([ofKey]);
  await expect(rateLimits.set(wish({ teamId: red, keyId: blueKey }))).rejects.toBeInstanceOf(InvalidRequest);
  for (const place of [{ teamId: otherTeam }, { keyId: otherKey }, { teamId: newId() }, { tenantId: 'none' }])
    await expect(world.system.rateLimits.set(wish(place))).rejects.toBeInstanceOf(ResourceNotFound);
  await expect(world.system.rateLimits.set(wish({ tenantId: newId() }))).rejects.toBeInstanceOf(ResourceNotFound);
});

it('set by an administrator is not for a member to change', async () => {
  const member = world.as('MEMBER', world.red).rateLimits;
  const own = await member.set(wish({ keyId: world.redKey }));
  expect(own.managedBy).toBe('team');
  const above = await rateLimits.set(wish({ teamId: world.red }));
  await expect(member.set(wish({ teamId: world.red, requestsPerMinute: 1e6 }))).rejects.toBeInstanceOf(
    PermissionDenied,
  );
  await expect(member.delete(above.id)).rejects.toBeInstanceOf(PermissionDenied);
  expect(await member.delete(own.id)).toEqual(own);
});
