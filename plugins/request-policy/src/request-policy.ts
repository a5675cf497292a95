import { definePlugin } from '@parsimony/contract';
import type { Call, JsonObject, Layer } from '@parsimony/contract';
import { z } from 'zod';
import { allowedModels } from './allowed-models.js';
import { configuration, type Configuration } from './configuration.js';
import { requiredTags } from './required-tags.js';
import { tokenLimit } from './token-limit.js';

export default definePlugin({
  contract: 1,
  name: 'request-policy',
  config: configuration,
  configSchema: z.toJSONSchema(configuration, { io: 'input' }) as JsonObject,
  needs: [],
  stage: 'policy',
  onFailure: 'fail',
  ownTimeMs: 50,
  open: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
  layer: (_shared, config) => policyLayer(config),
});

/** Refuses before anything is spent; what it lets through it hands on, so that events cost nothing. */
function policyLayer({ allowedModels: models, maxTokens, whenAbsent, requiredTags: tags }: Configuration): Layer {
  const checks: ((call: Call) => void)[] = [];
  if (models) checks.push(allowedModels(models));
  if (tags) checks.push(requiredTags(tags));
  const limit = maxTokens === undefined ? undefined : tokenLimit(maxTokens, whenAbsent === 'cap');
  return (call, next) => {
    for (const check of checks) check(call);
    return next(limit ? limit(call) : call);
  };
}
