import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { QueryTooComplex } from '@parsimony/contract';
import { GraphQLError } from 'graphql';
import type { ValidationContext, ValidationRule } from 'graphql';

const MAX_DEPTH = 10;
export const MAX_ALIASES = 15;
/** Tokens of a document, which bounds the time that parsing and validation take. */
export const MAX_TOKENS = 5_000;

const reported = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError): void => {
      const message = error.message.replace(/^Syntax Error: /, '');
      context?.reportError(new GraphQLError(message, { originalError: new QueryTooComplex(message) }));
    },
  ],
};

/** Bounds on a document's depth and aliases, reported as `query_too_complex`. */
export const DOCUMENT_RULES: readonly ValidationRule[] = [
  maxDepthRule({ n: MAX_DEPTH, flattenFragments: true, ...reported }),
  maxAliasesRule({ n: MAX_ALIASES, ...reported }),
];
