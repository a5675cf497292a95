import type { IncomingHttpHeaders } from 'node:http';
import { InternalError, RouteNotFound } from '@parsimony/contract';
import type { CallerRef, ParsimonyError } from '@parsimony/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallRequest, CallRunner, TenantRuntime } from '../calls/call-runner.js';
import { answerError } from './error-answer.js';
import { toParsimonyError } from './fastify-errors.js';
import { listModels, type OfferedModel } from './model-list.js';
import { parseChatBody, parseEmbeddingsBody, parseJson } from './request-body.js';
import { optionsFromHeaders } from './request-options.js';
import { respondStream } from './stream-responder.js';
import { respondWhole } from './whole-responder.js';

/** A caller who may make calls, and what the gateway keeps for its tenant. */
export interface AdmittedCaller {
  readonly caller: CallerRef;
  readonly runtime: TenantRuntime;
}

export interface V1EdgeOptions {
  readonly runner: CallRunner;
  /** @throws InvalidApiKey, PermissionDenied */
  readonly admit: (headers: IncomingHttpHeaders) => AdmittedCaller;
  readonly offeredModels: () => readonly OfferedModel[];
  readonly bodyLimit: number;
  readonly onFault: (error: unknown) => void;
}

declare module 'fastify' {
  interface FastifyRequest {
    admitted: AdmittedCaller | null;
  }
}

type ToRequest = (body: unknown, base: Pick<CallRequest, 'caller' | 'options'> & { bytes: Buffer }) => CallRequest;

/**
 * The OpenAI-compatible routes. They stand beside Nest's own, in a Fastify context of their own: a Nest guard,
 * interceptor or pipe would cost a seventh of a call, and the body is needed as bytes.
 */
export function registerV1Edge(fastify: FastifyInstance, options: V1EdgeOptions): void {
  void fastify.register(
    (scope, _options, registered) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        'application/json',
        { parseAs: 'buffer', bodyLimit: options.bodyLimit },
        (_request, body, done) => done(null, body),
      );
      scope.decorateRequest('admitted', null);
      // Before the body is read: who may not call must not make the gateway hold megabytes.
      scope.addHook('onRequest', (request, _reply, done) => {
        request.admitted = options.admit(request.headers);
        done();
      });
      scope.setErrorHandler((error, _request, reply) => {
        const known = toParsimonyError(error);
        if (known instanceof InternalError) options.onFault(error);
        reply.hijack();
        answerError(reply.raw, known);
      });
      scope.setNotFoundHandler((request) => {
        throw new RouteNotFound(`there is no ${request.method} ${request.url.split('?', 1)[0]}`);
      });
      scope.post(
        '/chat/completions',
        completionRoute(options, (body, base) => ({
          ...base,
          operation: 'chat.completions',
          body: parseChatBody(body),
        })),
      );
      scope.post(
        '/embeddings',
        completionRoute(options, (body, base) => ({
          ...base,
          operation: 'embeddings',
          body: parseEmbeddingsBody(body),
        })),
      );
      scope.get('/models', () => listModels(options.offeredModels()));
      registered();
    },
    { prefix: '/v1' },
  );
}

function completionRoute(options: V1EdgeOptions, toRequest: ToRequest) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { admitted } = request;
    if (!admitted) throw new InternalError('the caller was not admitted');
    const bytes = request.body as Buffer;
    const base = { caller: admitted.caller, options: optionsFromHeaders(request.headers), bytes };
    const run = options.runner.begin(admitted.runtime, toRequest(parseJson(bytes), base));
    reply.hijack();
    const response = reply.raw;
    response.once('close', () => {
      if (!response.writableFinished) run.cancel();
    });
    try {
      await (run.call.stream ? respondStream(run, response) : respondWhole(run, response));
    } catch (error) {
      const seen: ParsimonyError = await run.fail(error);
      answerError(response, seen, ['x-request-id', run.call.id, 'x-parsimony-request-id', run.call.id]);
    }
  };
}
