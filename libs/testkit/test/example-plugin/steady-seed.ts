import { definePlugin, recordDecision } from '@parsimony/contract';
import type { JsonObject } from '@parsimony/contract';
import { z } from 'zod';

const configuration = z.strictObject({ seed: z.int().min(0) });

/** Gives chat calls that name no seed the tenant's own, so that equal prompts get equal answers more often. */
export default definePlugin({
  contract: 1,
  name: 'steady-seed',
  config: configuration,
  configSchema: z.toJSONSchema(configuration, { io: 'input' }) as JsonObject,
  needs: [],
  stage: 'optimise',
  onFailure: 'bypass',
  ownTimeMs: 50,
  open: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
  layer: (_shared, { seed }) => {
    const decision = { plugin: 'steady-seed', summary: `set the seed ${seed}`, detail: { seed } };
    return (call, next) => {
      if (call.operation !== 'chat.completions' || typeof call.body['seed'] === 'number') return next(call);
      return next(recordDecision({ ...call, body: { ...call.body, seed } }, decision));
    };
  },
});
