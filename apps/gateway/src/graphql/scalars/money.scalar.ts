import { formatUsd, parseUsd } from '@parsimony/contract';
import type { PicoDollars } from '@parsimony/contract';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

export const MoneyScalar = new GraphQLScalarType<PicoDollars, string>({
  name: 'Money',
  description: 'USD as a decimal string, exact to 12 places, such as "0.000123000000".',
  serialize(value) {
    if (typeof value === 'bigint') return formatUsd(value);
    throw new GraphQLError('Money: not an amount');
  },
  parseValue: parse,
  // A number has been through a float, and would be money that nobody wrote.
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});

function parse(value: unknown): PicoDollars {
  try {
    if (typeof value === 'string') return parseUsd(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new GraphQLError('Money must be decimal USD in a string, with at most 12 places, such as "0.25"');
}
