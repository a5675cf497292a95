import { namedEvent, PIECES, streamedAnswer, WHOLE_TEXT, wholeAnswer, type CannedAnswer } from './canned-answer.js';

const IDENTITY = {
  id: 'resp_fast',
  object: 'response',
  created_at: 1_790_000_000,
  model: 'gpt-4o-mini',
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
};
const USAGE = {
  input_tokens: 19,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 90,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 109,
};
const PLACE = { item_id: 'msg_fast', output_index: 0, content_index: 0 };

/** What Responses answer. */
export const CANNED_RESPONSE: CannedAnswer = {
  whole: wholeAnswer(finished(WHOLE_TEXT)),
  stream: streamedAnswer(streamEvents().map((event, index) => namedEvent({ ...event, sequence_number: index }))),
};

function streamEvents(): { readonly type: string }[] {
  const begun = { ...IDENTITY, status: 'in_progress', output: [], usage: null };
  const text = PIECES.join('');
  return [
    event('response.created', { response: begun }),
    event('response.in_progress', { response: begun }),
    event('response.output_item.added', { output_index: 0, item: { ...message('in_progress'), content: [] } }),
    event('response.content_part.added', { ...PLACE, part: textPart('') }),
    ...PIECES.map((delta) => event('response.output_text.delta', { ...PLACE, delta, logprobs: [] })),
    event('response.output_text.done', { ...PLACE, text, logprobs: [] }),
    event('response.content_part.done', { ...PLACE, part: textPart(text) }),
    event('response.output_item.done', { output_index: 0, item: { ...message('completed'), content: [textPart(text)] } }),
    event('response.completed', { response: finished(text) }),
  ];
}

function event(type: string, rest: object): { readonly type: string } {
  return { type, ...rest };
}

function finished(text: string): object {
  const item = { ...message('completed'), content: [textPart(text)] };
  return { ...IDENTITY, status: 'completed', output: [item], usage: USAGE };
}

function message(status: string): object {
  return { id: PLACE.item_id, type: 'message', role: 'assistant', status };
}

function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}
