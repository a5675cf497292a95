import type { CallRun } from '../../calls/call-run.js';
import type { AnswerWriter } from './answer-writer.js';
import { drained } from './drained.js';
import { endHeaders, startHeaders } from './response-headers.js';

/**
 * Answers with sound, piece by piece as it is made. What it cost is known only at the end and stands in trailers
 * (RFC 9110, section 6.5), since nothing may stand between the pieces.
 *
 * @returns whether the answer was whole.
 */
export async function respondSound(run: CallRun, response: AnswerWriter): Promise<boolean> {
  await run.next();
  response.writeHead(200, [
    'content-type',
    run.contentType ?? 'application/octet-stream',
    'trailer',
    'x-parsimony-cost-usd, x-parsimony-saved-usd',
    ...startHeaders(run),
  ]);
  try {
    for (let event = await run.next(); event.type !== 'end'; event = await run.next()) {
      if (event.type === 'delta' && event.wire && !response.write(event.wire)) await drained(response, run.call.signal);
    }
    await run.complete();
    response.addTrailers(trailers(run));
    response.end();
    return true;
  } catch (error) {
    await run.fail(error);
    // Sound has no place for an error: a connection that breaks is the only sign that some of it is missing.
    response.destroy();
    return false;
  }
}

function trailers(run: CallRun): [string, string][] {
  const lines = endHeaders(run);
  return lines.flatMap((name, index) => (index % 2 === 0 ? [[name, lines[index + 1] ?? ''] as [string, string]] : []));
}
