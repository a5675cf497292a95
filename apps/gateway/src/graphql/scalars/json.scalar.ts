import type { Json } from '@parsimony/contract';
import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { DEEPEST_JSON, isTooDeep } from '../../edge/bodies/json-depth.js';

export const JsonScalar = new GraphQLScalarType<Json, Json>({
  name: 'JSON',
  description: `Any JSON value, at most ${DEEPEST_JSON} levels deep.`,
  serialize: (value) => value as Json,
  parseValue: parse,
  parseLiteral: (node, variables) => parse(valueFromASTUntyped(node, variables)),
});

function parse(value: unknown): Json {
  if (isTooDeep(value)) throw new GraphQLError(`JSON must not be nested more than ${DEEPEST_JSON} levels deep`);
  return value as Json;
}
