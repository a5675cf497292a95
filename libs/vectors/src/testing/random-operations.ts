import type { TenantVectors } from '@parsimony/contract';
import fc from 'fast-check';
import { aPoint } from './a-point.js';
import { expectAnswer } from './expect-answers.js';
import type { VectorsModel } from './vectors-model.js';

const HOUR = 3_600_000;

/** What may be done to the vectors of one of two tenants. */
export type Operation = { readonly tenant: 0 | 1 } & (
  | {
      readonly kind: 'upsert';
      readonly id: number;
      readonly vector: Float32Array;
      readonly scope: string;
      readonly age: number;
      readonly expired: boolean;
    }
  | { readonly kind: 'delete'; readonly ids: readonly number[] }
  | { readonly kind: 'purge'; readonly age: number }
  | { readonly kind: 'search'; readonly vector: Float32Array; readonly scope: string; readonly limit: number }
);

export function anOperation(): fc.Arbitrary<Operation> {
  const tenant = fc.constantFrom(0 as const, 1 as const);
  // Few ids, scopes and directions, so that they meet.
  const id = fc.nat(7);
  const scope = fc.constantFrom('one', 'two');
  const age = fc.integer({ min: 0, max: 10 });
  const vector = fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: 8, maxLength: 8 })
    .filter((components) => components.some((component) => component !== 0))
    .map((components) => Float32Array.from(components));
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('upsert' as const),
        tenant,
        id,
        vector,
        scope,
        age,
        expired: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('search' as const),
        tenant,
        vector,
        scope,
        limit: fc.integer({ min: 1, max: 10 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('delete' as const), tenant, ids: fc.array(id, { maxLength: 3 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const), tenant, age }) },
  );
}

/** Does it to the store and to the model, and holds what is found against the model's answer. */
export async function perform(
  operation: Operation,
  vectors: TenantVectors,
  model: VectorsModel,
  ids: readonly string[],
): Promise<void> {
  const base = 1_700_000_000_000;
  switch (operation.kind) {
    case 'upsert': {
      const { vector, scope, age, expired } = operation;
      const expiresAt = Date.now() + (expired ? -HOUR : HOUR);
      const points = [aPoint({ id: ids[operation.id] ?? '', vector, scope, createdAt: base - age, expiresAt })];
      model.upsert(points);
      return vectors.upsert(points);
    }
    case 'search': {
      const { vector, scope, limit } = operation;
      expectAnswer(await vectors.search({ vector, scope, limit }), model.search(vector, scope, Date.now()), limit);
      return;
    }
    case 'delete': {
      const chosen = operation.ids.map((place) => ids[place] ?? '');
      model.delete(chosen);
      return vectors.delete(chosen);
    }
    case 'purge':
      model.purge(base - operation.age);
      return vectors.purge(base - operation.age);
  }
}
