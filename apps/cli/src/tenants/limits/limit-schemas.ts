import { parseUsd } from '@parsimony/contract';
import { BUDGET_MODES, BUDGET_PERIODS, isTimezone } from '@parsimony/tenancy';
import { z } from 'zod';
import { nameSchema as name } from '../name-schema.js';

const ABSURD_USD = parseUsd('1000000000');
const MOST_A_MINUTE = 1_000_000_000_000;

/** As calls bear it: what the gateway's own edge takes. */
const tag = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,63}=[^\p{Cc}\p{Cs}]{1,128}$/u, 'must be a tag such as feature=search');

const money = z
  .string('must be USD as decimal text in quotes, such as "100.50"')
  .regex(/^\d{1,10}(\.\d{1,12})?$/, 'must be USD as decimal text, such as "100.50"')
  .transform((text) => parseUsd(text))
  .refine((amount) => amount > 0n && amount <= ABSURD_USD, 'must be more than 0 USD, and at most 1000000000');

const timezone = z.string().refine(isTimezone, 'must be a time zone of the IANA database, such as Europe/Moscow');
const share = z.number().gt(0).max(1);
const threshold = z.number().gt(0).max(10);
const measure = z.int().min(1).max(MOST_A_MINUTE).optional();

const scope = { team: name.optional(), key: name.optional(), tag: tag.optional() };

/** A budget as a file has it. */
export const budgetEntry = z
  .strictObject({
    ...scope,
    /** Of a budget that teams share, with `teams`. */
    pool: name.optional(),
    teams: z.array(name).min(1).max(1_000).optional(),
    limit: money,
    period: z.enum(BUDGET_PERIODS),
    mode: z.enum(BUDGET_MODES).default('HARD'),
    timezone: timezone.default('UTC'),
    thresholds: z
      .array(threshold)
      .min(1)
      .max(20)
      .refine((shares) => new Set(shares).size === shares.length, 'must not say a share twice')
      .transform((shares) => shares.toSorted((a, b) => a - b))
      .default([0.5, 0.8, 1]),
    downgradeAt: share.optional(),
  })
  .refine(({ pool, teams }) => (pool === undefined) === (teams === undefined), 'pool and teams belong together')
  .refine(
    ({ pool, team, key, tag: tagged }) => pool === undefined || (team ?? key ?? tagged) === undefined,
    'a pool has teams, and neither team, key nor tag',
  )
  .refine(isOneOwner, 'name the team or the key, not both: a key has a team already');

/** A rate limit as a file has it. */
export const rateLimitEntry = z
  .strictObject({ ...scope, requestsPerMinute: measure, tokensPerMinute: measure, concurrentCalls: measure })
  .refine(
    ({ requestsPerMinute, tokensPerMinute, concurrentCalls }) =>
      (requestsPerMinute ?? tokensPerMinute ?? concurrentCalls) !== undefined,
    'must limit requestsPerMinute, tokensPerMinute or concurrentCalls',
  )
  .refine(isOneOwner, 'name the team or the key, not both: a key has a team already');

export type BudgetEntry = z.output<typeof budgetEntry>;
export type RateLimitEntry = z.output<typeof rateLimitEntry>;

function isOneOwner({ team, key }: { team?: string | undefined; key?: string | undefined }): boolean {
  return team === undefined || key === undefined;
}
