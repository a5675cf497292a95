import { definePlugin } from '@parsimony/contract';
import type { JsonObject, Plugin } from '@parsimony/contract';
import { z } from 'zod';
import type { DocumentRules, LoadedPlugins } from '../src/document/parse-tenant-document.js';

function plugin(name: string, config: z.ZodType): Plugin {
  return definePlugin({
    contract: 1,
    name,
    config: config,
    configSchema: z.toJSONSchema(config, { io: 'input' }) as JsonObject,
    needs: [],
    onFailure: 'bypass',
    ownTimeMs: 10,
    open: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
  });
}

export const requestPolicy = plugin(
  'request-policy',
  z.strictObject({
    maxTokens: z.int().positive().default(1_024),
    tags: z.array(z.strictObject({ key: z.string() })).default([]),
  }),
);

export const semanticCache = plugin(
  'semantic-cache',
  z.strictObject({ maxErrorRate: z.number().min(0).max(1).default(0.05) }),
);

/** A plugin whose schema breaks, and one whose schema answers late. */
export const broken: Plugin = {
  ...requestPolicy,
  name: 'broken',
  config: {
    '~standard': {
      version: 1,
      vendor: 'spec',
      validate: () => {
        throw new TypeError('a defect of the plugin');
      },
    },
  },
};
export const late: Plugin = {
  ...requestPolicy,
  name: 'late',
  config: {
    '~standard': { version: 1, vendor: 'spec', validate: (value) => Promise.resolve({ value: { read: value } }) },
  },
};

function loaded(...plugins: readonly Plugin[]): LoadedPlugins {
  const byName = new Map(plugins.map((one) => [one.name, { plugin: one }]));
  return { get: (name) => byName.get(name), all: () => [...byName.values()] };
}

const prices = z.record(
  z.string(),
  z.strictObject({ input: z.string(), output: z.string(), effectiveFrom: z.iso.date().optional() }),
);

export function rulesWith(...plugins: readonly Plugin[]): DocumentRules<z.infer<typeof prices>> {
  return { plugins: loaded(...plugins), prices };
}
