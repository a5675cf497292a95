import { streamEvent, type EventSource, type StreamEvent } from '../streaming/stream-event.js';

const SAFE = { filtered: false, severity: 'safe' };
const PROMPT_FILTER_RESULTS = [
  {
    prompt_index: 0,
    content_filter_results: { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE },
  },
];

/** What Azure says of the prompt in a whole answer. */
export function withPromptFilter(json: string): string {
  return `${json.slice(0, -1)},"prompt_filter_results":${JSON.stringify(PROMPT_FILTER_RESULTS)}}`;
}

/** Begins a stream as Azure does: with a chunk that has no choices, which careless clients stumble over. */
export function withPromptFilterEvent(events: EventSource): EventSource {
  const head = { choices: [], created: 0, id: '', model: '', object: '' };
  const opening = streamEvent(`data: ${JSON.stringify({ ...head, prompt_filter_results: PROMPT_FILTER_RESULTS })}\n\n`);
  return {
    count: events.count + 1,
    *content(): Generator<StreamEvent> {
      yield opening;
      yield* events.content();
    },
    closing: () => events.closing(),
  };
}
