import type { MatchLogic, Provider } from '@pydantic/genai-prices';
import { z } from 'zod';

/** The data are not what the price package publishes. */
export class InvalidPriceData extends Error {
  override readonly name = 'InvalidPriceData';
}

const matchSchema: z.ZodType<MatchLogic> = z.lazy(() =>
  z.union([
    z.strictObject({ equals: z.string() }),
    z.strictObject({ starts_with: z.string() }),
    z.strictObject({ ends_with: z.string() }),
    z.strictObject({ contains: z.string() }),
    z.strictObject({ regex: z.string().refine(isPattern, 'must be a regular expression') }),
    z.strictObject({ or: z.array(matchSchema) }),
    z.strictObject({ and: z.array(matchSchema) }),
  ]),
);

const amount = z.number().nonnegative();
const tiers = z.object({ base: amount, tiers: z.array(z.object({ start: z.int().nonnegative(), price: amount })) });
const prices = z.record(z.string(), z.union([amount, tiers]));
// Published data leave `type` out.
const constraint = z.union([
  z.object({ start_date: z.iso.date() }).transform((each) => ({ type: 'start_date' as const, ...each })),
  z
    .object({ start_time: z.string().refine(isTimeOfDay), end_time: z.string().refine(isTimeOfDay) })
    .transform((each) => ({ type: 'time_of_date' as const, ...each })),
]);
const conditionalPrices = z
  .array(z.object({ constraint: constraint.nullish(), prices }))
  .min(1)
  .transform((entries) =>
    entries.map((entry) => (entry.constraint ? { ...entry, constraint: entry.constraint } : { prices: entry.prices })),
  );

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
const providerSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  api_pattern: z.string(),
  provider_match: optional(matchSchema),
  model_match: optional(matchSchema),
  fallback_model_providers: optional(z.array(z.string())),
  models: z.array(
    z.object({
      id: z.string().min(1),
      name: optional(z.string()),
      match: matchSchema,
      context_window: optional(z.int().positive()),
      deprecated: optional(z.boolean()),
      prices: z.union([prices, conditionalPrices]),
    }),
  ),
});

/**
 * Reads what the price package publishes as `data.json`, of which only the fields that matter here are kept.
 *
 * @param json an array of providers.
 * @throws InvalidPriceData that names the first field that is wrong.
 */
export function parseCatalogueData(json: unknown): readonly Provider[] {
  const parsed = z.array(providerSchema).min(1).safeParse(json);
  if (parsed.success) return withoutUndefined(parsed.data) as readonly Provider[];
  const [issue] = parsed.error.issues;
  throw new InvalidPriceData(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}

/** The package's types have optional fields, and not fields that may be undefined. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutUndefined(field)]));
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function isTimeOfDay(text: string): boolean {
  return !Number.isNaN(Date.parse(`1970-01-01T${text}`));
}
