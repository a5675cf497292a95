import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Random } from './generation/random.js';

/** An error as it goes out. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** What differs between providers around an answer: where the key stands, and how errors look. */
export interface Protocol {
  /** Header that names the request in every answer. */
  readonly requestIdHeader: string;
  /** What the fault `garbage` sends as the only event of a stream. */
  readonly garbageEvent: string;
  /** The caller's key. @throws the protocol's 401. */
  keyOf(request: FastifyRequest): string;
  /** The fault `rate_limit`. */
  rateLimited(model: string, retryAfterSeconds: number): Error;
  /** The fault `server_error`; a protocol may have several and draws one. */
  serverError(random: Random): Error;
  /** Says any error in the protocol's shape. */
  toErrorAnswer(error: unknown, request: FastifyRequest): ErrorAnswer;
}

/** Adds addresses under `prefix` which ask for the protocol's key and answer errors in its shape. */
export function registerProtocol(
  app: FastifyInstance,
  prefix: string,
  protocol: Protocol,
  addRoutes: (scope: FastifyInstance) => void,
): void {
  void app.register(
    (scope, _options, done) => {
      answerErrorsAs(scope, () => protocol);
      scope.addHook('onRequest', (request, _reply, next) => {
        protocol.keyOf(request);
        next();
      });
      addRoutes(scope);
      done();
    },
    { prefix },
  );
}

/** Answers every error of a scope in the shape of the protocol that the request speaks. */
export function answerErrorsAs(scope: FastifyInstance, protocolOf: (request: FastifyRequest) => Protocol): void {
  scope.setErrorHandler((error, request, reply) => {
    const { status, headers, body } = protocolOf(request).toErrorAnswer(error, request);
    return reply.code(status).headers(headers).send(body);
  });
}
