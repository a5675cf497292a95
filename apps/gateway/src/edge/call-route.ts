import { InternalError } from '@parsimony/contract';
import { newId } from '@parsimony/tenancy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallRun } from '../calls/call-run.js';
import type { SpokenCall } from '../calls/call-runner.js';
import type { AnswerWriter } from './answers/answer-writer.js';
import { answerError } from './answers/error-answer.js';
import { rateHeaders } from './answers/response-headers.js';
import { respondSound } from './answers/sound-responder.js';
import { respondStream } from './answers/stream-responder.js';
import { takeOver } from './answers/take-over.js';
import { respondWhole } from './answers/whole-responder.js';
import { answerOnce } from './idempotency/answer-once.js';
import { admittedOf, type EdgeOptions } from './edge-options.js';
import { protocolOf } from './protocol.js';
import { toParsimonyError } from './fastify-errors.js';
import { optionsFromHeaders } from './request-options.js';
import type { ReadCall } from './routes.js';

/** The handler of one route: reads the request, begins the call and writes its answer. */
export function callRoute(options: EdgeOptions, read: ReadCall) {
  // Not asynchronous itself: where the request is read at once, which is nearly always, that would cost a promise a call.
  return (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const spoken = read(request);
    return spoken instanceof Promise
      ? spoken.then((read) => serve(options, request, reply, read))
      : serve(options, request, reply, spoken);
  };
}

/** @throws what can be wrong before the call begins */
function serve(
  options: EdgeOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  spoken: SpokenCall,
): Promise<unknown> {
  const { caller, runtime, scope } = admittedOf(request);
  const callOptions = optionsFromHeaders(request.headers);
  const asked = { caller, options: callOptions, spoken, scope };
  if (request.headers['idempotency-key'] !== undefined)
    return serveOnce(options, request, reply, spoken, () => options.runner.begin(runtime, asked));
  const run = options.runner.begin(runtime, asked);
  takeOver(options, reply);
  const response = reply.raw;
  response.once('close', () => {
    if (!response.writableFinished) run.cancel();
  });
  return answer(run, response);
}

async function serveOnce(
  options: EdgeOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  spoken: SpokenCall,
  begin: () => CallRun,
): Promise<void> {
  const { idempotency, onFault } = options;
  const { caller } = admittedOf(request);
  const key = String(request.headers['idempotency-key']);
  takeOver(options, reply);
  try {
    const once = { caller, key, path: request.url, body: request.body as Buffer };
    await answerOnce(idempotency, once, reply.raw, (recorded) => answer(begin(), recorded), onFault);
  } catch (error) {
    const known = toParsimonyError(error);
    if (known instanceof InternalError) onFault(error);
    answerError(reply.raw, known, protocolOf(spoken.operation), newId());
  }
}

/** @returns whether the answer was whole, and not an error or broken off by one. */
async function answer(run: CallRun, response: AnswerWriter): Promise<boolean> {
  const { operation, stream } = run.call;
  try {
    if (operation === 'audio.speech') return await respondSound(run, response);
    return await (stream ? respondStream(run, response) : respondWhole(run, response));
  } catch (error) {
    answerError(response, await run.fail(error), protocolOf(operation), run.call.id, rateHeaders(run));
    return false;
  }
}
