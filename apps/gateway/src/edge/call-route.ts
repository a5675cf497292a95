import { InternalError } from '@parsimony/contract';
import { newId } from '@parsimony/tenancy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallRun } from '../calls/call-run.js';
import type { AnswerWriter } from './answers/answer-writer.js';
import { answerError } from './answers/error-answer.js';
import { respondSound } from './answers/sound-responder.js';
import { respondStream } from './answers/stream-responder.js';
import { respondWhole } from './answers/whole-responder.js';
import { answerOnce } from './idempotency/answer-once.js';
import { admittedOf, type EdgeOptions } from './edge-options.js';
import { protocolOf } from './protocol.js';
import { toParsimonyError } from './fastify-errors.js';
import { optionsFromHeaders } from './request-options.js';
import type { ReadCall } from './routes.js';

/** The handler of one route: reads the request, begins the call and writes its answer. */
export function callRoute(options: EdgeOptions, read: ReadCall) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { caller, runtime, scope } = admittedOf(request);
    const asked = read(request);
    const spoken = asked instanceof Promise ? await asked : asked;
    const callOptions = optionsFromHeaders(request.headers);
    const begin = (): CallRun => options.runner.begin(runtime, { caller, options: callOptions, spoken, scope });
    const response = reply.raw;
    const key = request.headers['idempotency-key'];
    if (key !== undefined) {
      takeOver(options, reply);
      const once = { caller, key: String(key), path: request.url, body: request.body as Buffer };
      try {
        await answerOnce(options.idempotency, once, response, (recorded) => answer(begin(), recorded), options.onFault);
      } catch (error) {
        const known = toParsimonyError(error);
        if (known instanceof InternalError) options.onFault(error);
        answerError(response, known, protocolOf(spoken.operation), newId());
      }
      return;
    }
    const run = begin();
    takeOver(options, reply);
    response.once('close', () => {
      if (!response.writableFinished) run.cancel();
    });
    await answer(run, response);
  };
}

/** From here on the answer is written straight to Node's response. */
function takeOver({ crossOrigin }: EdgeOptions, reply: FastifyReply): void {
  reply.hijack();
  if (!crossOrigin) return;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
}

/** @returns whether the answer was whole, and not an error or broken off by one. */
async function answer(run: CallRun, response: AnswerWriter): Promise<boolean> {
  const { operation, stream } = run.call;
  try {
    if (operation === 'audio.speech') return await respondSound(run, response);
    return await (stream ? respondStream(run, response) : respondWhole(run, response));
  } catch (error) {
    answerError(response, await run.fail(error), protocolOf(operation), run.call.id);
    return false;
  }
}
