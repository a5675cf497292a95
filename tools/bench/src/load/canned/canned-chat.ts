import { PIECES, streamedAnswer, WHOLE_TEXT, wholeAnswer, type CannedAnswer } from './canned-answer.js';

const IDENTITY = { id: 'chatcmpl-fast', created: 1_790_000_000, model: 'gpt-4o-mini' };
const USAGE = { prompt_tokens: 19, completion_tokens: 90, total_tokens: 109 };

/** What chat completions answer. */
export const CANNED_CHAT: CannedAnswer = {
  whole: wholeAnswer({
    ...IDENTITY,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: WHOLE_TEXT }, finish_reason: 'stop' }],
    usage: USAGE,
  }),
  stream: streamedAnswer([
    ...PIECES.map((content) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    chunk({ choices: [], usage: USAGE }),
    'data: [DONE]\n\n',
  ]),
};

function chunk(rest: object): string {
  return `data: ${JSON.stringify({ ...IDENTITY, object: 'chat.completion.chunk', ...rest })}\n\n`;
}
