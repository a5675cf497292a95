import type { ServerResponse } from 'node:http';
import type { ReplyDelta } from '@parsimony/contract';
import type { CallRun } from '../calls/call-run.js';
import { errorEvent } from './error-answer.js';
import { endHeaders, startHeaders } from './response-headers.js';

const HEAD_WAITS_MS = 20;

/**
 * Answers a call that streams. The first event is pulled before the status line, so that an early error is an HTTP
 * error; later ones become an error event. The next event is pulled only when the client has taken the last one.
 */
export async function respondStream(run: CallRun, response: ServerResponse): Promise<void> {
  await run.next();
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
    for (let event = await run.next(); event.type !== 'end'; event = await run.next()) {
      if (event.type === 'delta' && !response.write(deltaBytes(event))) await drained(response);
    }
    await run.complete();
    response.end(`${endComments(run)}data: [DONE]\n\n`);
  } catch (error) {
    const seen = await run.fail(error);
    response.end(errorEvent(seen));
  } finally {
    clearTimeout(headAlone);
  }
}

function deltaBytes(delta: ReplyDelta): Uint8Array | string {
  return delta.wire ?? delta.chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
}

/** What is known only at the end, in comments, which every client skips (WHATWG HTML, section 9.2.6). */
function endComments(run: CallRun): string {
  const headers = endHeaders(run);
  let comments = '';
  for (let index = 0; index < headers.length; index += 2) comments += `: ${headers[index]}: ${headers[index + 1]}\n`;
  return `${comments}\n`;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
