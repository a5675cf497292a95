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
  stream: streamedAnswer(streamEvents().map(namedEvent)),
};

interface NumberedEvent {
  readonly type: string;
  readonly sequence_number: number;
}

function streamEvents(): NumberedEvent[] {
  const begun = { ...IDENTITY, status: 'in_progress', output: [], usage: null };
  const text = PIECES.join('');
  const events: readonly (readonly [type: string, fields: object])[] = [
    ['response.created', { response: begun }],
    ['response.in_progress', { response: begun }],
    ['response.output_item.added', { output_index: 0, item: { ...message('in_progress'), content: [] } }],
    ['response.content_part.added', { ...PLACE, part: textPart('') }],
    ...PIECES.map((delta) => ['response.output_text.delta', { ...PLACE, delta, logprobs: [] }] as const),
    ['response.output_text.done', { ...PLACE, text, logprobs: [] }],
    ['response.content_part.done', { ...PLACE, part: textPart(text) }],
    ['response.output_item.done', { output_index: 0, item: { ...message('completed'), content: [textPart(text)] } }],
    ['response.completed', { response: finished(text) }],
  ];
  return events.map(([type, fields], index) => ({ type, ...fields, sequence_number: index }));
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
