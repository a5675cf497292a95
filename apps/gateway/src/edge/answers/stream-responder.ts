import type { ReplyDelta } from '@parsimony/contract';
import type { CallRun } from '../../calls/call-run.js';
import { protocolOf } from '../protocol.js';
import type { AnswerWriter } from './answer-writer.js';
import { drained } from './drained.js';
import { errorBytes } from './error-answer.js';
import { deltaBytes } from './framing.js';
import { endHeaders, startHeaders } from './response-headers.js';

const HEAD_WAITS_MS = 20;

/**
 * Answers a call that streams events. The first one is pulled before the status line, so that an early error is an HTTP
 * error; later ones become an error event. The next event is pulled only when the client has taken the last one.
 *
 * @returns whether the answer was whole.
 */
export async function respondStream(run: CallRun, response: AnswerWriter): Promise<boolean> {
  await run.next();
  const protocol = protocolOf(run.call.operation);
  response.writeHead(200, [
    'content-type',
    'text/event-stream; charset=utf-8',
    'cache-control',
    'no-cache',
    ...startHeaders(run),
  ]);
  // The head goes out with the first token; a client whose token takes longer learns meanwhile that the call was accepted.
  const headAlone = setTimeout(() => response.flushHeaders(), HEAD_WAITS_MS);
  try {
    let last: ReplyDelta | undefined;
    for (let event = await run.next(); event.type !== 'end'; event = await run.next()) {
      if (event.type !== 'delta') continue;
      if (event.final) last = event;
      else if (!response.write(deltaBytes(protocol, event))) await drained(response, run.call.signal);
    }
    await run.complete();
    if (!last) response.end(`${endComments(run)}${endMark(run)}`);
    else {
      response.write(endComments(run));
      response.end(deltaBytes(protocol, last));
    }
    return true;
  } catch (error) {
    const seen = await run.fail(error);
    response.end(errorBytes(seen, protocol, run.call.id));
    return false;
  } finally {
    clearTimeout(headAlone);
  }
}

/** What the gateway itself writes behind the last event, where the protocol ends with something that is no event. */
function endMark(run: CallRun): string {
  return run.call.operation === 'chat.completions' ? 'data: [DONE]\n\n' : '';
}

/** What is known only at the end, in comments, which every client skips (WHATWG HTML, section 9.2.6). */
function endComments(run: CallRun): string {
  const headers = endHeaders(run);
  let comments = '';
  for (let index = 0; index < headers.length; index += 2) comments += `: ${headers[index]}: ${headers[index + 1]}\n`;
  return `${comments}\n`;
}
