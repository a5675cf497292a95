import { QueryTooComplex } from '@parsimony/contract';
import { getOperationAST, GraphQLError } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';

/** One for each field, times the items of the pages and lists around it. */
const MAX_COST = 50_000;

const ESTIMATORS = [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })];

export interface CostedOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/**
 * Refuses an operation that would cost too much. Page sizes count as they are, in variables and by default too, which a
 * look at the document alone would miss.
 *
 * @throws QueryTooComplex, or GraphQLError where variables do not fit.
 */
export function demandAffordable(schema: GraphQLSchema, operation: CostedOperation): void {
  const { document, operationName, variables } = operation;
  const meant = getOperationAST(document, operationName);
  // Execution says what is wrong with the name.
  if (!meant) return;
  const cost = costOf({
    schema,
    query: document,
    variables: variables ?? {},
    estimators: ESTIMATORS,
    ...(meant.name && { operationName: meant.name.value }),
  });
  if (cost > MAX_COST) throw new QueryTooComplex(`this would cost ${cost}, and at most ${MAX_COST} is allowed`);
}

function costOf(options: Parameters<typeof getComplexity>[0]): number {
  try {
    return getComplexity(options);
  } catch (error) {
    // Fragments that spread fragments can stand for more fields than anybody could count.
    if (error instanceof GraphQLError && error.message.includes('maximum allowed number of nodes'))
      throw new QueryTooComplex('the fragments of this document stand for too many fields', { cause: error });
    throw error;
  }
}
