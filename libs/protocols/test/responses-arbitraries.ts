import type { JsonObject } from '@parsimony/contract';
import fc from 'fast-check';
import { chatStream } from './chat-arbitraries.js';
import {
  optional,
  reparse,
  someBase64,
  someCount,
  someName,
  someObject,
  someSchema,
  someText,
} from './random-values.js';

const inputText = someText.map((text) => ({ type: 'input_text', text }));
const inputImage = fc
  .tuple(
    fc.oneof(
      fc.webUrl({ validSchemes: ['https'] }),
      someBase64.map((data) => `data:image/png;base64,${data}`),
    ),
    optional(fc.constantFrom('auto', 'low', 'high')),
  )
  .map(([url, detail]) => ({ type: 'input_image', image_url: url, detail }));
const inputFile = fc
  .tuple(optional(someName), someBase64)
  .map(([filename, data]) => ({ type: 'input_file', filename, file_data: `data:application/pdf;base64,${data}` }));

const textContent = fc.oneof(someText, fc.array(inputText, { maxLength: 3 }));
const userContent = fc.oneof(someText, fc.array(fc.oneof(inputText, inputImage, inputFile), { maxLength: 4 }));

const status = optional(fc.constantFrom('in_progress', 'completed', 'incomplete'));

const asked = fc
  .tuple(optional(fc.constant('message')), userContent, status)
  .map(([type, content, state]) => ({ type, role: 'user', content, status: state }));
const instructed = fc
  .tuple(fc.constantFrom('system', 'developer'), textContent)
  .map(([role, content]) => ({ role, content }));
const answeredEasily = someText.map((content) => ({ role: 'assistant', content, phase: null }));
const outputText = someText.map((text) => ({ type: 'output_text', text, annotations: [], logprobs: [] }));
const refusal = someText.map((text) => ({ type: 'refusal', refusal: text }));
const answered = fc.array(fc.oneof(outputText, refusal), { maxLength: 3 }).map((content) => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content,
}));
const reasoned = fc.array(someText, { minLength: 1, maxLength: 2 }).map((texts) => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: [],
  content: texts.map((text) => ({ type: 'reasoning_text', text })),
}));
const called = fc.tuple(someName, someName, someObject, status).map(([id, name, value, state]) => ({
  type: 'function_call',
  call_id: id,
  name,
  arguments: JSON.stringify(value),
  status: state,
}));
const returned = fc
  .tuple(someName, textContent)
  .map(([id, output]) => ({ type: 'function_call_output', call_id: id, output }));

const item = fc.oneof(asked, instructed, answeredEasily, answered, reasoned, called, returned);

const tool = fc.record({
  type: fc.constant('function'),
  name: someName,
  description: optional(someText),
  parameters: fc.option(someSchema),
  strict: fc.constantFrom(true, false, null),
});

const toolChoice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required'),
  someName.map((name) => ({ type: 'function', name })),
  fc.array(someName, { minLength: 1, maxLength: 2 }).map((names) => ({
    type: 'allowed_tools',
    mode: 'auto',
    tools: names.map((name) => ({ type: 'function', name })),
  })),
);

const format = fc.oneof(
  fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
  fc
    .tuple(someName, someSchema, optional(someText), optional(fc.constantFrom(true, false, null)))
    .map(([name, schema, description, strict]) => ({ type: 'json_schema', name, schema, description, strict })),
);

/** A request to the Responses API of what chat completions can carry. */
export const carriedResponsesRequest: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      model: fc.constant('a-model'),
      input: fc.oneof(someText, fc.array(item, { minLength: 1, maxLength: 8 })),
      instructions: fc.option(someText),
      stream: fc.constantFrom(true, false, null),
      max_output_tokens: fc.integer({ min: 16, max: 100_000 }),
      temperature: fc.constantFrom(0, 0.5, 2, null),
      top_p: fc.constantFrom(0.1, 1, null),
      top_logprobs: fc.integer({ min: 0, max: 20 }),
      include: fc.constantFrom([], ['message.output_text.logprobs'], null),
      metadata: fc.option(fc.dictionary(someName, someText, { maxKeys: 2 })),
      user: someName,
      safety_identifier: someName,
      prompt_cache_key: someName,
      service_tier: fc.constantFrom('auto', 'default', 'flex', null),
      store: fc.constantFrom(false, null),
      background: fc.constantFrom(false, null),
      truncation: fc.constantFrom('disabled', null),
      reasoning: fc.record({ effort: fc.constantFrom('low', 'high', null), summary: fc.constantFrom('auto', null) }),
      text: fc.record({ format, verbosity: fc.constantFrom('low', 'medium', null) }, { requiredKeys: [] }),
      tools: fc.array(tool, { maxLength: 3 }),
      tool_choice: toolChoice,
      parallel_tool_calls: fc.constantFrom(true, false, null),
    },
    { requiredKeys: ['input'] },
  )
  .map((body) => reparse(body) as JsonObject);

/** The same answer whole, and in chunks of which some say nothing, repeat the usage or hold pieces of several calls in turn. */
export const unrulyChatStream = fc
  .tuple(chatStream, fc.boolean(), fc.array(fc.nat(30), { maxLength: 3 }), optional(someCount))
  .map(([{ completion, chunks }, inTurn, silent, counted]) => {
    const ordered = inTurn ? callsInTurn(chunks) : chunks;
    const early = ordered
      .slice(0, -1)
      .map((chunk) =>
        counted === undefined ? chunk : { ...chunk, usage: { prompt_tokens: counted, completion_tokens: counted } },
      );
    const all = [...early, ...ordered.slice(-1)];
    for (const place of silent) all.splice(place % all.length, 0, SILENT[place % SILENT.length] ?? {});
    return { completion, chunks: all };
  });

const SILENT: readonly JsonObject[] = [
  { choices: [] },
  { choices: [{ index: 0, delta: {} }], usage: null },
  { choices: [{ index: 0, delta: { content: null, refusal: null, tool_calls: null }, finish_reason: null }] },
];

/** Begins every call first, then sends a piece of each in turn. */
function callsInTurn(chunks: readonly JsonObject[]): readonly JsonObject[] {
  const calls = [...Map.groupBy(chunks.filter(isCall), callIndex).values()];
  const rounds = Math.max(0, ...calls.map((pieces) => pieces.length));
  const inTurn = Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
    calls.flatMap((pieces) => pieces.slice(round, round + 1)),
  );
  const before = chunks.findIndex(isCall);
  const others = chunks.filter((chunk) => !isCall(chunk));
  return before < 0 ? chunks : others.toSpliced(before, 0, ...inTurn);
}

function isCall(chunk: JsonObject): boolean {
  return callIndex(chunk) !== undefined;
}

function callIndex(chunk: JsonObject): number | undefined {
  const [choice] = chunk['choices'] as unknown as readonly { delta: { tool_calls?: readonly { index: number }[] } }[];
  return choice?.delta.tool_calls?.[0]?.index;
}
