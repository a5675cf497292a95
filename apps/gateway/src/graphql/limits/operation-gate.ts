import { InvalidRequest } from '@parsimony/contract';
import { getOperationAST, GraphQLError, Location, specifiedRules, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationTypeNode } from 'graphql';
import { DOCUMENT_RULES } from './document-rules.js';

/** A document that came as a tree instead of text has been through no parser, and its limits. @throws GraphQLError */
export function demandParsed(document: DocumentNode): void {
  if (!(document.loc instanceof Location)) throw new GraphQLError('Syntax Error: the query must be a GraphQL document');
}

/** @throws InvalidRequest where the operation belongs to the other transport. */
export function demandOperation(
  document: DocumentNode,
  operationName: string | null | undefined,
  served: (operation: OperationTypeNode) => boolean,
): void {
  const meant = getOperationAST(document, operationName);
  if (!meant || served(meant.operation)) return;
  throw new InvalidRequest(
    'queries and mutations go by POST; subscriptions by websocket (graphql-transport-ws), on the same path',
    { param: 'query' },
  );
}

/** GraphQL's own rules and ours. */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  return validate(schema, document, [...specifiedRules, ...DOCUMENT_RULES]);
}
