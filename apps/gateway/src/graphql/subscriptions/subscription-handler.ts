import { isParsimonyError } from '@parsimony/contract';
import type { Principal } from '@parsimony/tenancy';
import { GraphQLError, OperationTypeNode, parse } from 'graphql';
import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import { CloseCode, type Context, type ServerOptions, type SubscribePayload } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { showErrors } from '../errors/graphql-errors.js';
import type { GraphqlAdmission } from '../graphql-admission.js';
import { MAX_TOKENS } from '../limits/document-rules.js';
import { demandOperation, validateDocument } from '../limits/operation-gate.js';
import { demandAffordable } from '../limits/query-cost.js';

type Connection = Context<Record<string, unknown>, Extra>;

/** What happens on a websocket: who connects is authenticated, what is subscribed to is validated and bounded. */
export class SubscriptionHandler {
  readonly #principals = new WeakMap<object, Principal>();
  readonly #connections = new Set<Connection>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly admission: GraphqlAdmission,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Whether a subscription is under way. */
  get active(): boolean {
    return [...this.#connections].some(({ subscriptions }) => Object.keys(subscriptions).length > 0);
  }

  options(): ServerOptions<Record<string, unknown>, Extra> {
    return {
      onConnect: (connection) => this.#connect(connection),
      onSubscribe: (connection, _id, payload) => this.#subscribe(connection, payload),
      onClose: (connection) => void this.#connections.delete(connection),
      onNext: (_connection, _id, _payload, _args, { data, errors }) =>
        errors ? { data: data ?? null, errors: this.#show(errors) } : undefined,
      onError: (_connection, _id, _payload, errors) => this.#show(errors),
    };
  }

  /** Closes with 4403, as the protocol has it, and says why. */
  async #connect(connection: Connection): Promise<boolean> {
    const { extra } = connection;
    try {
      this.#principals.set(extra, await this.#authenticate(connection));
      this.#connections.add(connection);
      return true;
    } catch (error) {
      const known = isParsimonyError(error) ? error : undefined;
      if (!known) this.onFault(error);
      extra.socket.close(CloseCode.Forbidden, known ? `${known.code}: ${known.message}` : 'Forbidden');
      return false;
    }
  }

  #authenticate({ connectionParams, extra }: Connection): Promise<Principal> {
    return this.admission.authenticateConnection(connectionParams, extra.request.headers, addressOf(extra));
  }

  #subscribe(connection: Connection, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] {
    try {
      const { query, operationName, variables } = payload;
      const document = parse(query, { maxLexicalTokens: MAX_TOKENS });
      const errors = validateDocument(this.schema, document);
      if (errors.length > 0) return errors;
      demandOperation(document, operationName, (operation) => operation === OperationTypeNode.SUBSCRIPTION);
      demandAffordable(this.schema, { document, operationName, variables });
      return {
        schema: this.schema,
        document,
        operationName: operationName ?? null,
        variableValues: variables ?? null,
        contextValue: this.#context(connection),
      };
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      return [new GraphQLError(String(error), { originalError: error as Error })];
    }
  }

  #context(connection: Connection): object {
    const { extra } = connection;
    const principal = this.#principals.get(extra);
    if (!principal) throw new Error('a subscription on a connection that was not admitted');
    const gone = new AbortController();
    extra.socket.once('close', () => gone.abort());
    return this.admission.context(principal, addressOf(extra), gone.signal, () => this.#authenticate(connection));
  }

  #show(errors: readonly GraphQLError[]) {
    return showErrors(errors, this.onFault).errors;
  }
}

/** The peer's; of the caller behind a proxy nothing is known here. */
function addressOf({ request }: Extra): string {
  return request.socket.remoteAddress ?? '';
}
