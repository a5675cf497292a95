import type { JsonObject, Tier } from '@parsimony/contract';
import { z } from 'zod';

const MUST_BE_MODEL = 'must be provider/model, such as "openai/gpt-4.1-mini"';
const modelName = z.string().regex(/^[^/\s]+\/\S+$/, MUST_BE_MODEL);
const modelNames = z.array(modelName).min(1, 'must name at least one model').max(100);

const milliseconds = z.int().min(1).max(86_400_000);

const reliability = z.strictObject({
  attempts: z.int().min(1).max(10).default(3),
  timeouts: z
    .strictObject({
      totalMs: milliseconds.default(600_000),
      firstByteMs: milliseconds.optional(),
      betweenBytesMs: milliseconds.optional(),
    })
    .prefault({}),
  fallbacks: z
    .record(modelName, modelNames.max(10), {
      error: ({ code }) => (code === 'invalid_key' ? MUST_BE_MODEL : undefined),
    })
    .default({}),
  concurrency: z.int().min(1).max(100_000).optional(),
});

const budgets = z.strictObject({
  onShortfall: z.enum(['cut', 'refuse']).default('cut'),
  onUnavailable: z.enum(['deny', 'allow']).default('deny'),
  waitMs: z.int().min(0).max(60_000).default(10_000),
  defaultMaxTokens: z.int().min(16).max(1_000_000).default(4_096),
});

/** The tenant document but for what plugins and prices say of themselves. */
export const documentSchema = z.strictObject({
  tiers: z
    .strictObject({
      economy: modelNames.optional(),
      standard: modelNames.optional(),
      premium: modelNames.optional(),
    } satisfies Record<Tier, unknown>)
    .default({}),
  plugins: z
    .array(z.strictObject({ use: z.string().min(1), config: z.unknown().optional() }))
    .max(100)
    .default([]),
  prices: z.unknown().optional(),
  onClientAbort: z.enum(['drain', 'abort']).default('drain'),
  reliability: reliability.prefault({}),
  budgets: budgets.prefault({}),
});

/** The same as JSON Schema, for forms, documentation and the names that are near. */
export const documentJsonSchema = z.toJSONSchema(documentSchema, { io: 'input' }) as JsonObject;
