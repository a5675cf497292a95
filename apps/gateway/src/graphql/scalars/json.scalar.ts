import type { Json } from '@parsimony/contract';
import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from 'graphql';

/** Nested deeper, a value could overflow the stack of whoever walks it. */
const DEEPEST = 100;

export const JsonScalar = new GraphQLScalarType<Json, Json>({
  name: 'JSON',
  description: 'Any JSON value, at most 100 levels deep.',
  serialize: (value) => value as Json,
  parseValue: parse,
  parseLiteral: (node, variables) => parse(valueFromASTUntyped(node, variables)),
});

function parse(value: unknown): Json {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new GraphQLError(`JSON must not be nested more than ${DEEPEST} levels deep`);
    level = level.flatMap((each): unknown[] => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return value as Json;
}
