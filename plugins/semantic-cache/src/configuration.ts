import { z } from 'zod';

/** What a tag may be called; another name could never be sent. */
const TAG_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,63}$/u;

const MEBIBYTE = 1024 * 1024;

const judge = z.strictObject({
  judge: z.string().min(1).max(256).describe('Model that says whether two answers say the same, or a tier'),
});

const classification = z.strictObject({
  match: z
    .strictObject({
      model: z.string().min(1).max(256).optional().describe('Model as provider/model; * stands for any characters'),
      tags: z
        .record(z.string().regex(TAG_NAME), z.string().min(1).max(128))
        .optional()
        .describe('Tags with their values'),
      systemContains: z
        .string()
        .min(1)
        .max(2_000)
        .optional()
        .describe('Text that the system prompt holds, in any case'),
    })
    .describe('Calls that all of these fit'),
  labels: z
    .array(z.string().min(1).max(256))
    .min(2)
    .max(10_000)
    .optional()
    .describe('The labels that an answer may be; any text if left out'),
});

export const configuration = z.strictObject({
  maxErrorRate: z
    .number()
    .min(0)
    .max(0.2)
    .default(0.01)
    .describe('Share of requests that may be answered wrongly; 0 switches semantic hits off'),
  ttlHours: z
    .number()
    .min(0.01)
    .max(24 * 365)
    .default(24 * 7)
    .describe('How long an answer is kept, in hours'),
  maxTemperature: z
    .number()
    .min(0)
    .max(2)
    .default(1)
    .describe('Calls with a higher temperature are always asked; one that names none counts as 1'),
  scope: z.enum(['tenant', 'team', 'key']).default('tenant').describe('Whose answers a caller may get'),
  volatileTools: z
    .array(z.string().min(1).max(256))
    .max(256)
    .default([])
    .describe('Tools whose results hold for a moment only, such as get_time or weather.*; * stands for any characters'),
  exact: z.boolean().default(true).describe('Answer equal calls from the cache'),
  semantic: z.boolean().default(true).describe('Answer calls that mean the same from the cache'),
  singleFlight: z.boolean().default(true).describe('Let equal calls that are under way share one provider call'),
  embedder: z
    .string()
    .regex(/^(?:bundled|[^/\s]+\/\S+)$/)
    .max(256)
    .default('bundled')
    .describe('bundled, local/MODEL, or a model of a provider such as openai/text-embedding-3-small'),
  compare: z
    .union([z.enum(['auto', 'text', 'json', 'embedding']), judge])
    .default('auto')
    .describe('How a fresh answer is held against a kept one'),
  auditShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe('Share of semantic hits that are asked afresh, to measure how many are wrong'),
  maxEntries: z.int().min(1).max(100_000_000).default(100_000).describe('Most answers kept for the tenant'),
  maxBytes: z
    .int()
    .min(MEBIBYTE)
    .default(256 * MEBIBYTE)
    .describe('Most bytes kept for the tenant; what was used least recently goes first'),
  classifications: z
    .array(classification)
    .max(64)
    .default([])
    .describe('Calls that classify: their answers are compared as labels'),
  splitCost: z
    .enum(['first', 'equal'])
    .default('first')
    .describe('Who bears the cost of a shared call in show-back: the first caller, or all alike'),
});

export type Configuration = z.output<typeof configuration>;
