import type { JsonObject } from '@parsimony/contract';
import fc from 'fast-check';
import {
  cutText,
  optional,
  reparse,
  someBase64,
  someCount,
  someCuts,
  someName,
  someObject,
  someSchema,
  someText,
} from './random-values.js';

const textBlock = someText.map((text) => ({ type: 'text', text }));
const imageBlock = fc
  .oneof(
    fc.webUrl({ validSchemes: ['https'] }).map((url) => ({ type: 'url', url })),
    fc.record({
      type: fc.constant('base64'),
      media_type: fc.constantFrom('image/png', 'image/jpeg', 'image/gif', 'image/webp'),
      data: someBase64,
    }),
  )
  .map((source) => ({ type: 'image', source }));
const documentBlock = fc
  .tuple(
    someName,
    fc.oneof(
      someBase64.map((data) => ({ type: 'base64', media_type: 'application/pdf', data })),
      // As UTF-8 can hold it: half a character comes back as a replacement.
      someText.map((text) => ({ type: 'text', media_type: 'text/plain', data: text.toWellFormed() })),
    ),
  )
  .map(([title, source]) => ({ type: 'document', title, source }));

const textContent = fc.oneof(someText, fc.array(textBlock, { minLength: 1, maxLength: 3 }));
const userContent = fc.oneof(
  textContent,
  fc.array(fc.oneof(textBlock, imageBlock, documentBlock), { minLength: 1, maxLength: 3 }),
);

const toolUse = fc.record({
  type: fc.constant('tool_use'),
  id: fc.uuid().map((id) => `toolu_${id}`),
  name: someName,
  input: someObject,
});

const toolRound = fc
  .tuple(
    fc.array(textBlock, { maxLength: 1 }),
    fc.array(fc.tuple(toolUse, textContent), { minLength: 1, maxLength: 3 }),
    fc.array(fc.oneof(textBlock, imageBlock), { maxLength: 2 }),
  )
  .map(([said, calls, more]) => [
    { role: 'assistant', content: [...said, ...calls.map(([call]) => call)] },
    {
      role: 'user',
      content: [...calls.map(([call, content]) => ({ type: 'tool_result', tool_use_id: call.id, content })), ...more],
    },
  ]);

const exchange = fc
  .tuple(userContent, optional(someText), textContent, optional(toolRound), textContent)
  .map(([asked, system, answered, round, afterwards]) => [
    { role: 'user', content: asked },
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    ...(round === undefined
      ? [{ role: 'assistant', content: answered }]
      : [...round, { role: 'assistant', content: afterwards }]),
  ]);

const conversation = fc
  .tuple(fc.array(exchange, { maxLength: 3 }), userContent)
  .map(([exchanges, last]) => [...exchanges.flat(), { role: 'user', content: last }]);

const tool = fc.record({
  name: someName,
  description: optional(someText),
  input_schema: someSchema,
  strict: optional(fc.constant(true)),
});

const toolOptions = fc.record({
  tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
  tool_choice: optional(
    fc.oneof(
      fc.constantFrom({ type: 'none' }, { type: 'auto' }, { type: 'any', disable_parallel_tool_use: true }),
      someName.map((name) => ({ type: 'tool', name, disable_parallel_tool_use: true })),
    ),
  ),
});

const thinkingOptions = fc.constantFrom(
  {},
  { thinking: { type: 'disabled' } },
  ...['low', 'medium', 'high', 'xhigh', 'max'].map((effort) => ({
    thinking: { type: 'adaptive' },
    output_config: { effort },
  })),
);

/** A Messages request of what chat completions can carry. */
export const carriedMessagesRequest: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.record({
      model: fc.constant('a-model'),
      max_tokens: fc.integer({ min: 1, max: 100_000 }),
      messages: conversation,
      system: optional(textContent),
      temperature: optional(fc.constantFrom(0, 0.5, 1)),
      top_p: optional(fc.constantFrom(0.1, 1)),
      stop_sequences: optional(fc.array(someName, { minLength: 1, maxLength: 4 })),
      metadata: optional(someName.map((userId) => ({ user_id: userId }))),
      service_tier: optional(fc.constantFrom('auto', 'standard_only')),
      stream: optional(fc.constant(true)),
    }),
    optional(toolOptions),
    thinkingOptions,
    optional(fc.tuple(someName, someSchema)),
  )
  .map(([body, tools, thinking, schema]) => {
    const config = 'output_config' in thinking ? thinking.output_config : undefined;
    const format = schema && { format: { type: 'json_schema', schema: { title: schema[0], ...schema[1] } } };
    const outputConfig = config === undefined && format === undefined ? undefined : { ...config, ...format };
    return reparse({ ...body, ...tools, ...thinking, output_config: outputConfig }) as JsonObject;
  });

/** The same said with more words: marks for the prompt cache, and what is neutral. */
export function saidAtLength(request: JsonObject): JsonObject {
  const marked = { cache_control: { type: 'ephemeral', ttl: '1h' } };
  const messages = request['messages'] as readonly { role: string; content: string | JsonObject[] }[];
  const signed = [
    { type: 'thinking', thinking: 'Хм…', signature: 'c2lnbmVk' },
    { type: 'redacted_thinking', data: 'ZW5jcnlwdGVk' },
  ];
  return {
    ...request,
    ...marked,
    speed: 'standard',
    container: null,
    top_k: null,
    messages: messages.map(({ role, content }) => {
      const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      const longer = blocks.map((block) => ({ ...block, ...marked }));
      return { role, content: role === 'assistant' ? [...signed, ...longer] : longer };
    }),
  };
}

const usage = fc
  .tuple(someCount, someCount, someCount, someCount, someCount)
  .map(([input, read, written, output, thought]) => ({
    input_tokens: input,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
    output_tokens: output + thought,
    output_tokens_details: thought === 0 ? null : { thinking_tokens: thought },
    server_tool_use: null,
    cache_creation: null,
    inference_geo: null,
    speed: null,
  }));

const answeredToolUse = toolUse.map((block) => ({ ...block, caller: { type: 'direct' } }));

/** A message that a provider answers, in the form in which it comes back from chat completions. */
export const message: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.array(
      someText.map((thinking) => ({ type: 'thinking', thinking, signature: '' })),
      { maxLength: 1 },
    ),
    fc.array(
      someText.map((text) => ({ type: 'text', text, citations: null })),
      { maxLength: 1 },
    ),
    fc.array(answeredToolUse, { maxLength: 3 }),
    fc.constantFrom('end', 'max_tokens', 'refusal'),
    fc.option(someText),
    usage,
    fc.constantFrom('standard', 'priority', null),
  )
  .map(([thinking, text, calls, end, explanation, used, tier]) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5-20251001',
    content: [...thinking, ...text, ...calls],
    stop_reason: end === 'end' ? (calls.length > 0 ? 'tool_use' : 'end_turn') : end,
    stop_sequence: null,
    stop_details: end === 'refusal' && explanation !== null ? { type: 'refusal', category: null, explanation } : null,
    container: null,
    diagnostics: null,
    usage: { ...used, service_tier: tier },
  }));

/** The events in which a message may come: blocks in pieces, pings between them, the usage in two parts. */
export const messageStream: fc.Arbitrary<{ message: JsonObject; events: JsonObject[] }> = fc
  .tuple(message, someCuts)
  .map(([whole, cuts]) => ({ message: whole, events: eventsOf(whole, cuts) }));

function eventsOf(whole: JsonObject, cuts: readonly number[]): JsonObject[] {
  const { content, stop_reason: reason, stop_details: details, usage: used } = whole;
  const beginning = {
    content: [],
    stop_reason: null,
    stop_details: null,
    usage: { ...(used as JsonObject), output_tokens: 1 },
  };
  const events: JsonObject[] = [{ type: 'message_start', message: { ...whole, ...beginning } }, { type: 'ping' }];
  for (const [index, block] of (content as JsonObject[]).entries()) {
    const { empty, deltas } = piecesOf(block, cuts);
    events.push({ type: 'content_block_start', index, content_block: empty });
    for (const delta of deltas) events.push({ type: 'content_block_delta', index, delta });
    events.push({ type: 'ping' }, { type: 'content_block_stop', index });
  }
  const { output_tokens: output, output_tokens_details: outputDetails } = used as JsonObject;
  events.push({
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null, stop_details: details, container: null },
    usage: { output_tokens: output, output_tokens_details: outputDetails, input_tokens: null },
  });
  events.push({ type: 'message_stop' });
  return events;
}

function piecesOf(block: JsonObject, cuts: readonly number[]): { empty: JsonObject; deltas: JsonObject[] } {
  const pieces = (text: unknown): string[] => cutText(text as string, cuts);
  if (block['type'] === 'text') {
    const deltas = pieces(block['text']).map((text) => ({ type: 'text_delta', text }));
    return { empty: { ...block, text: '' }, deltas };
  }
  if (block['type'] === 'thinking') {
    const deltas = pieces(block['thinking']).map((thinking) => ({ type: 'thinking_delta', thinking }));
    const signature = { type: 'signature_delta', signature: 'c2lnbmVk' };
    return { empty: { ...block, thinking: '' }, deltas: [...deltas, signature] };
  }
  const input = JSON.stringify(block['input']);
  const deltas = pieces(input === '{}' ? '' : input).map((json) => ({ type: 'input_json_delta', partial_json: json }));
  return { empty: { ...block, input: {} }, deltas };
}
