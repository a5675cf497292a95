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

const textPart = someText.map((text) => ({ type: 'text', text }));
const imagePart = fc
  .oneof(
    fc.webUrl({ validSchemes: ['https'] }),
    fc
      .tuple(fc.constantFrom('image/png', 'image/jpeg', 'image/gif', 'image/webp'), someBase64)
      .map(([type, data]) => `data:${type};base64,${data}`),
  )
  .map((url) => ({ type: 'image_url', image_url: { url } }));
const filePart = fc.tuple(someName, someBase64).map(([name, data]) => ({
  type: 'file',
  file: { filename: `${name}.pdf`, file_data: `data:application/pdf;base64,${data}` },
}));

/** In the shortest form: one text is a string. */
const textContent = fc.oneof(someText, fc.array(textPart, { minLength: 2, maxLength: 3 }));
const userContent = fc.oneof(
  textContent,
  fc.array(fc.oneof(imagePart, filePart), { minLength: 1, maxLength: 2 }),
  fc.tuple(textPart, imagePart, filePart),
);

const systemMessage = textContent.map((content) => ({ role: 'system', content }));
const userMessage = userContent.map((content) => ({ role: 'user', content }));
const spokenMessage = textContent.map((content) => ({ role: 'assistant', content }));

const toolCall = fc.record({
  id: fc.uuid().map((id) => `call_${id}`),
  type: fc.constant('function'),
  function: fc.record({ name: someName, arguments: someObject.map((value) => JSON.stringify(value)) }),
});

/** A call of tools, their results, and what the model says of them. */
const toolRound = fc
  .tuple(
    fc.option(textContent),
    fc.array(fc.tuple(toolCall, fc.oneof(textContent, fc.constant(''))), { minLength: 1, maxLength: 3 }),
    spokenMessage,
  )
  .map(([content, calls, spoken]) => [
    { role: 'assistant', content, tool_calls: calls.map(([call]) => call) },
    ...calls.map(([call, result]) => ({ role: 'tool', tool_call_id: call.id, content: result })),
    spoken,
  ]);

const exchange = fc
  .tuple(
    fc.array(userMessage, { minLength: 1, maxLength: 2 }),
    optional(systemMessage),
    fc.oneof(spokenMessage, toolRound),
  )
  .map(([asked, system, answered]) => [...asked, ...(system === undefined ? [] : [system]), answered].flat());

const conversation = fc
  .tuple(optional(systemMessage), fc.array(exchange, { maxLength: 3 }), userMessage)
  .map(([system, exchanges, last]) => [...(system === undefined ? [] : [system]), ...exchanges.flat(), last]);

const tool = fc
  .record({
    name: someName,
    description: optional(someText),
    parameters: someSchema,
    strict: optional(fc.constant(true)),
  })
  .map((declared) => ({ type: 'function', function: declared }));

const toolOptions = fc
  .tuple(
    fc.array(tool, { minLength: 1, maxLength: 3 }),
    fc.oneof(
      fc.constantFrom({ tool_choice: 'none' }, { tool_choice: 'required' }, {}),
      fc.constant({ tool_choice: 'auto', parallel_tool_calls: false }),
      someName.map((name) => ({ tool_choice: { type: 'function', function: { name } }, parallel_tool_calls: false })),
    ),
  )
  .map(([tools, choice]) => ({ tools, ...choice }));

const responseFormat = fc.tuple(someName, someSchema, optional(someText)).map(([name, schema, description]) => ({
  type: 'json_schema',
  json_schema: { name, schema: { title: name, description, ...schema }, strict: true },
}));

/** A chat completion of what Messages can carry, in the form in which it comes back. */
export const carriedChatRequest: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.record({
      model: fc.constant('a-model'),
      messages: conversation,
      max_completion_tokens: fc.integer({ min: 1, max: 100_000 }),
      temperature: optional(fc.constantFrom(0, 0.5, 1)),
      top_p: optional(fc.constantFrom(0.1, 1)),
      stop: optional(fc.array(someName, { minLength: 1, maxLength: 4 })),
      reasoning_effort: optional(fc.constantFrom('none', 'low', 'medium', 'high', 'xhigh', 'max')),
      response_format: optional(responseFormat),
      safety_identifier: optional(someName),
      service_tier: optional(fc.constantFrom('auto', 'default')),
    }),
    optional(toolOptions),
    fc.constantFrom({}, { stream: true, stream_options: { include_usage: true } }),
  )
  .map(([body, tools, stream]) => reparse({ ...body, ...tools, ...stream }) as JsonObject);

/** The same said with more words: what is neutral is added, and strings are written as lists of parts. */
export function saidAtLength(request: JsonObject): JsonObject {
  const messages = request['messages'] as readonly JsonObject[];
  return {
    ...request,
    n: 1,
    logprobs: false,
    logit_bias: {},
    seed: null,
    presence_penalty: 0,
    frequency_penalty: 0,
    store: false,
    metadata: {},
    modalities: ['text'],
    verbosity: 'medium',
    prompt_cache_key: 'key',
    messages: messages.map((message) => {
      const { content, role } = message;
      const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      if (role === 'system') return { role: 'developer', content: parts };
      if (role !== 'assistant') return { ...message, content: parts };
      return { ...message, content: parts, refusal: null, annotations: [], audio: null, function_call: null };
    }),
  };
}

const usage = fc
  .tuple(someCount, someCount, someCount, someCount, someCount)
  .map(([input, cached, written, out, thought]) => ({
    prompt_tokens: input + cached + written,
    completion_tokens: out + thought,
    total_tokens: input + cached + written + out + thought,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    completion_tokens_details: { reasoning_tokens: thought },
  }));

const answeredMessage = fc
  .record({
    content: fc.option(someText),
    refusal: fc.option(someText),
    reasoning_content: optional(someText),
    tool_calls: fc.array(toolCall, { maxLength: 3 }),
  })
  .map(({ content, refusal, reasoning_content: thinking, tool_calls: calls }) => ({
    role: 'assistant',
    content: content ?? (calls.length > 0 ? null : ''),
    refusal,
    ...(thinking !== undefined && { reasoning_content: thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }));

/** A chat completion's answer, in the form in which it comes back from Messages. */
export const chatCompletion: fc.Arbitrary<JsonObject> = fc
  .tuple(answeredMessage, usage, fc.boolean(), fc.constantFrom('default', 'priority', undefined))
  .map(([message, used, cut, tier]) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_795_478_400,
    model: 'a-model-2026-01-01',
    service_tier: tier,
    choices: [
      {
        index: 0,
        message,
        logprobs: null,
        finish_reason: finishReason(message.refusal !== null, 'tool_calls' in message, cut),
      },
    ],
    usage: used,
  }));

function finishReason(refused: boolean, called: boolean, cut: boolean): string {
  if (refused) return 'content_filter';
  if (cut) return 'length';
  return called ? 'tool_calls' : 'stop';
}

/** The chunks in which an answer may come: texts in pieces, calls one after the other, the usage last. */
export const chatStream: fc.Arbitrary<{ completion: JsonObject; chunks: JsonObject[] }> = fc
  .tuple(chatCompletion, someCuts)
  .map(([completion, cuts]) => ({ completion, chunks: chunksOf(completion, cuts) }));

function chunksOf(completion: JsonObject, cuts: readonly number[]): JsonObject[] {
  const [choice] = completion['choices'] as readonly JsonObject[];
  const { message, finish_reason: reason } = choice as { message: JsonObject; finish_reason: string };
  const deltas: JsonObject[] = [{ role: 'assistant', content: '', refusal: null }];
  for (const field of ['reasoning_content', 'content', 'refusal'] as const) {
    for (const piece of cutText((message[field] ?? '') as string, cuts)) deltas.push({ [field]: piece });
  }
  for (const [index, call] of ((message['tool_calls'] ?? []) as unknown as Call[]).entries()) {
    const { id, type } = call;
    deltas.push({ tool_calls: [{ index, id, type, function: { name: call.function.name, arguments: '' } }] });
    for (const piece of cutText(call.function.arguments, cuts)) {
      deltas.push({ tool_calls: [{ index, function: { arguments: piece } }] });
    }
  }
  const { id, created, model, service_tier: tier } = completion;
  const envelope = { id, object: 'chat.completion.chunk', created, model, service_tier: tier };
  const chunk = (delta: JsonObject, finish: string | null): JsonObject => ({
    ...envelope,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
  });
  return [
    ...deltas.map((delta) => chunk(delta, null)),
    chunk({}, reason),
    { ...envelope, choices: [], usage: completion['usage'] },
  ];
}

interface Call {
  readonly id: string;
  readonly type: string;
  readonly function: { readonly name: string; readonly arguments: string };
}
