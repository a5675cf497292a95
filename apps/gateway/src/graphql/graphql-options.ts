import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { InvalidApiKey, isParsimonyError } from '@parsimony/contract';
import type { Principal } from '@parsimony/tenancy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { ValidationRule } from 'graphql';
import type { Logger } from '@parsimony/telemetry';
import { protectSchema } from './access/protect-schema.js';
import { faultFields } from './errors/fault-fields.js';
import { showErrors } from './errors/graphql-errors.js';
import type { GraphqlAdmission } from './graphql-admission.js';
import { DOCUMENT_RULES, MAX_TOKENS } from './limits/document-rules.js';
import { isCompilable } from './execution/compilable.js';
import { demandOperation, demandParsed } from './limits/operation-gate.js';
import { demandAffordable } from './limits/query-cost.js';
import { DateTimeScalar } from './scalars/date-time.scalar.js';

export const GRAPHQL_PATH = '/graphql';
export const GRAPHQL_BODY_LIMIT = 1 << 20;

/** How Mercurius serves the schema over HTTP; websockets have a server of their own. */
export function graphqlOptions(admission: GraphqlAdmission, logger: Logger): MercuriusDriverConfig {
  const admitted = new WeakMap<FastifyRequest, Principal>();
  const onFault = (error: unknown): void => logger.error(faultFields(error), 'a GraphQL field met a defect');
  return {
    path: GRAPHQL_PATH,
    autoSchemaFile: true,
    buildSchemaOptions: { noDuplicatedFields: true, scalarsMap: [{ type: Date, scalar: DateTimeScalar }] },
    transformSchema: protectSchema,
    jit: 1,
    ide: false,
    allowBatchedQueries: false,
    subscription: false,
    graphql: { parseOptions: { maxLexicalTokens: MAX_TOKENS } },
    validationRules: [...DOCUMENT_RULES] as ValidationRule[],
    additionalRouteOptions: {
      bodyLimit: GRAPHQL_BODY_LIMIT,
      // Before the body is read: who may not ask must not make the gateway hold a megabyte.
      preParsing: async (request: FastifyRequest, reply: FastifyReply) => {
        try {
          admitted.set(request, await admission.authenticate(request.headers, request.ip));
        } catch (error) {
          if (!isParsimonyError(error)) throw error;
          const { errors, status } = showErrors([new GraphQLError(error.message, { originalError: error })], onFault);
          await reply.code(status).send({ data: null, errors });
        }
      },
    },
    context: (request: FastifyRequest, reply: FastifyReply) => {
      const principal = admitted.get(request);
      if (!principal) throw new InvalidApiKey('the caller was not admitted');
      const gone = new AbortController();
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) gone.abort();
      });
      return admission.context(principal, request.ip, gone.signal);
    },
    hooks: {
      preValidation: async (_schema, document) => demandParsed(document),
      preExecution: async (schema, document, context, variables) => {
        const operationName = operationNameOf(context.reply.request);
        demandOperation(document, operationName, (operation) => operation !== OperationTypeNode.SUBSCRIPTION);
        demandAffordable(schema, { document, operationName, variables });
        // Mercurius does not compile what a hook replaced.
        return isCompilable(schema, document, variables) ? undefined : { document };
      },
    },
    errorFormatter: (execution) => {
      const { errors, status } = showErrors(execution.errors, onFault);
      // Without the member "data" nothing was executed.
      const executed = 'data' in execution;
      return { statusCode: executed ? 200 : status, response: { data: execution.data ?? null, errors } };
    },
  };
}

function operationNameOf({ body, query }: FastifyRequest): string | null {
  const sent = (body ?? query) as { readonly operationName?: unknown } | null;
  return typeof sent?.operationName === 'string' ? sent.operationName : null;
}
