import { namedEvent, PIECES, streamedAnswer, WHOLE_TEXT, wholeAnswer, type CannedAnswer } from './canned-answer.js';

const IDENTITY = { id: 'msg_fast', type: 'message', role: 'assistant', model: 'claude-haiku-4-5' };
const USAGE = { input_tokens: 19, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 90 };
const UNFINISHED = { stop_reason: null, stop_sequence: null };
const FINISHED = { stop_reason: 'end_turn', stop_sequence: null };

/** What Anthropic's Messages answer. */
export const CANNED_MESSAGE: CannedAnswer = {
  whole: wholeAnswer({ ...IDENTITY, content: [{ type: 'text', text: WHOLE_TEXT }], ...FINISHED, usage: USAGE }),
  stream: streamedAnswer(
    [
      {
        type: 'message_start',
        message: { ...IDENTITY, content: [], ...UNFINISHED, usage: { ...USAGE, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ...PIECES.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: FINISHED, usage: { output_tokens: 90 } },
      { type: 'message_stop' },
    ].map(namedEvent),
  ),
};
