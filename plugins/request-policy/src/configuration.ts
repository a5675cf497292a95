import { z } from 'zod';

/** `provider/model`, where `*` stands for any characters; or `*` alone. */
const MODEL_PATTERN = /^(?:\*|[^/\s]+\/\S+)$/;

/** What a call can bear as a tag; another name could never be sent and would lock everybody out. */
const TAG_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,63}$/u;

export const configuration = z.strictObject({
  allowedModels: z
    .array(z.string().max(256).regex(MODEL_PATTERN))
    .min(1)
    .optional()
    .describe('Models that may be called, as provider/model; * stands for any characters'),
  maxTokens: z.int().min(1).optional().describe('Most tokens that one answer may be asked to have'),
  whenAbsent: z
    .enum(['cap', 'allow'])
    .default('cap')
    .describe(
      'What becomes of a call for text that names no limit: it gets maxTokens as its limit, or goes on without one',
    ),
  requiredTags: z
    .array(z.string().regex(TAG_NAME))
    .max(16)
    .optional()
    .describe('Names of tags that every call must bear'),
});

export type Configuration = z.output<typeof configuration>;
