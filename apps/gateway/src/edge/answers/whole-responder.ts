import { InternalError } from '@parsimony/contract';
import type { ReplyAnswer } from '@parsimony/contract';
import type { CallRun } from '../../calls/call-run.js';
import type { AnswerWriter } from './answer-writer.js';
import { endHeaders, startHeaders } from './response-headers.js';

/** Answers a call that does not stream, once its cost is in the journal. @returns that the answer was whole. */
export async function respondWhole(run: CallRun, response: AnswerWriter): Promise<true> {
  const answer = await wholeAnswer(run);
  await run.complete();
  const bytes = answer.wire ?? Buffer.from(JSON.stringify(answer.body));
  response.writeHead(200, [
    'content-type',
    answer.contentType ?? 'application/json',
    'content-length',
    String(bytes.byteLength),
    ...startHeaders(run),
    ...endHeaders(run),
  ]);
  response.end(bytes);
  return true;
}

/** @throws what the reply threw. */
async function wholeAnswer(run: CallRun): Promise<ReplyAnswer> {
  let answer: ReplyAnswer | undefined;
  for (let event = await run.next(); event.type !== 'end'; event = await run.next()) {
    if (event.type === 'answer') answer = event;
  }
  if (!answer) throw new InternalError('the reply has no answer');
  return answer;
}
