import { z } from 'zod';

/** The version of the archive's own shape; one that is not understood is refused. */
export const FORMAT = 1;
export const MANIFEST_MEMBER = 'manifest.json';

const memberSchema = z.strictObject({
  name: z.string(),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[\da-f]{64}$/),
});

const tableSchema = z.strictObject({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  partitions: z.array(z.string()),
  rows: z.int().min(0),
  /** The table's rows in PostgreSQL's COPY text format, cut anywhere, in order. */
  members: z.array(memberSchema),
});

const sequenceSchema = z.strictObject({
  schema: z.string(),
  name: z.string(),
  /** An int8, as text. */
  value: z.string().regex(/^-?\d+$/),
  called: z.boolean(),
});

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  createdAt: z.iso.datetime(),
  postgres: z.string(),
  migrations: z.array(z.string()),
  /** What has run in the schemas of plugins; older archives have none. */
  plugins: z.array(z.strictObject({ schema: z.string(), migrations: z.array(z.string()) })).default([]),
  tables: z.array(tableSchema),
  sequences: z.array(sequenceSchema),
});

/** What an archive holds; its last member. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ArchivedTable = z.infer<typeof tableSchema>;
export type ArchivedMember = z.infer<typeof memberSchema>;
export type ArchivedSequence = z.infer<typeof sequenceSchema>;

/** @throws Error where it is no manifest, or of a format that this release does not know. */
export function parseManifest(text: string): Manifest {
  const value: unknown = JSON.parse(text);
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format !== FORMAT) throw new Error(`its format is ${String(format)}, this release reads ${FORMAT}`);
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`its manifest is wrong at ${issue?.path.join('.')}: ${issue?.message}`);
}
