import type { JsonObject, Tier } from '@parsimony/contract';
import { z } from 'zod';

const modelNames = z
  .array(z.string().regex(/^[^/\s]+\/\S+$/, 'must be provider/model, such as "openai/gpt-4.1-mini"'))
  .min(1, 'must name at least one model')
  .max(100);

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
});

/** The same as JSON Schema, for forms, documentation and the names that are near. */
export const documentJsonSchema = z.toJSONSchema(documentSchema, { io: 'input' }) as JsonObject;
