import type { Call, ChatCall, JsonObject, MessagesCall, ResponsesCall } from '@parsimony/contract';
import { aCall, anEmbeddingsCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { questionOf, type Question } from './question.js';

function chat(body: JsonObject, changes: Partial<ChatCall> = {}): ChatCall {
  return aCall({ body: { model: 'gpt-4.1-mini', messages: [], ...body }, ...changes });
}

function asked(content: string, before: readonly JsonObject[] = [], more: JsonObject = {}): ChatCall {
  return chat({ messages: [...before, { role: 'user', content }], ...more });
}

function responses(body: JsonObject): ResponsesCall {
  return { ...aCall(), operation: 'responses', body: { model: 'gpt-4.1-mini', ...body } };
}

function messages(body: JsonObject): MessagesCall {
  const whole = { model: 'claude-sonnet-4-5', max_tokens: 100, ...body };
  return { ...aCall(), operation: 'messages', body: whole } as unknown as MessagesCall;
}

function question(call: Call): Question {
  const found = questionOf(call, 'tenant');
  if (typeof found === 'string') throw new Error(`not eligible: ${found}`);
  return found;
}

const WAYS = [
  ['How do I enable dark mode?', 'How can I switch the dark theme on?'],
  ['Как включить тёмную тему?', 'Каким образом включается тёмная тема?'],
] as const;

describe.each(WAYS)('the question %s', (one, other) => {
  it('is the last user message of a chat, in whatever form', () => {
    expect(question(asked(one)).text).toBe(one);
    const parts = chat({ messages: [{ role: 'user', content: [{ type: 'text', text: one }] }] });
    expect(question(parts)).toEqual(question(asked(one)));
  });

  it('is the input of Responses, as text or as the last turn', () => {
    const text = question(responses({ input: one }));
    expect(text.text).toBe(one);
    expect(question(responses({ input: [{ role: 'user', content: one }] }))).toEqual(text);
    const part = { role: 'user', content: [{ type: 'input_text', text: one }] };
    expect(question(responses({ input: [part] }))).toEqual(text);
  });

  it('is the last turn of an Anthropic message, cached or not', () => {
    const block = { type: 'text', text: one, cache_control: { type: 'ephemeral' } };
    const plain = question(messages({ messages: [{ role: 'user', content: one }] }));
    expect(plain.text).toBe(one);
    expect(question(messages({ messages: [{ role: 'user', content: [block] }] }))).toEqual(plain);
  });

  it('shares its scope with another wording', () => {
    expect(question(asked(other)).scope).toBe(question(asked(one)).scope);
  });

  it('never shares a scope across what changes the answer', () => {
    const system = { role: 'system', content: 'Answer as a pirate.' };
    const turns = [
      { role: 'user', content: 'My phone is a Pixel.' },
      { role: 'assistant', content: 'Noted.' },
    ];
    const tools = [{ type: 'function', function: { name: 'set_theme', parameters: { type: 'object' } } }];
    const variants = [
      asked(one),
      asked(one, [system]),
      asked(one, [{ role: 'system', content: 'Answer as a judge.' }]),
      asked(one, turns),
      asked(one, [{ role: 'user', content: 'My phone is an iPhone.' }, ...turns.slice(1)]),
      asked(one, [], { tools }),
      asked(one, [], { response_format: { type: 'json_object' } }),
      asked(one, [], { temperature: 0.2 }),
      asked(one, [], { max_tokens: 5 }),
      asked(one, [], { a_parameter_of_next_year: true }),
      { ...asked(one), stream: false },
      { ...asked(one), caller: { ...asked(one).caller, tenantId: 'another' } },
      { ...asked(one), requestedModel: 'openai/gpt-4.1', target: { ...asked(one).target, model: 'gpt-4.1' } },
      messages({ messages: [{ role: 'user', content: one }] }),
      messages({ messages: [{ role: 'user', content: one }], system: 'Answer as a pirate.' }),
      responses({ input: one }),
      responses({ input: one, instructions: 'Answer as a pirate.' }),
    ];
    expect(new Set(variants.map((call) => question(call).scope)).size).toBe(variants.length);
  });

  it('shares its scope across what changes nothing', () => {
    const scope = question(asked(one)).scope;
    expect(question(asked(one, [], { user: 'u-1', metadata: { a: 'b' }, prompt_cache_key: 'x' })).scope).toBe(scope);
  });
});

it('shares answers with the team or the key only, where the tenant wants it so', () => {
  const call = asked('Where is my card?');
  const elsewhere = { ...call, caller: { ...call.caller, teamId: 'other-team', keyId: 'other-key' } };
  const scopes = (sharing: 'tenant' | 'team' | 'key') =>
    [call, elsewhere].map((one) => (questionOf(one, sharing) as Question).scope);
  expect(new Set(scopes('tenant')).size).toBe(1);
  expect(new Set(scopes('team')).size).toBe(2);
  expect(new Set(scopes('key')).size).toBe(2);
});

it('does not let a question of one language be answered in another', () => {
  const scopes = ['What is the capital of France?', 'Какая столица у Франции?', '¿Cuál es la capital de Francia?'].map(
    (text) => question(asked(text)).scope,
  );
  expect(new Set(scopes).size).toBe(3);
});

it('takes the last paragraph of a long message for the question, and the rest for what it is about', () => {
  const page = (subject: string): string => `${subject} is described here at length. `.repeat(30);
  const one = question(asked(`${page('Berlin')}\n\nHow many people live there?`));
  const other = question(asked(`${page('Berlin')}\n\nWhat is the number of inhabitants?`));
  const elsewhere = question(asked(`${page('Munich')}\n\nHow many people live there?`));
  expect(one.text).toBe('How many people live there?');
  expect(other.scope).toBe(one.scope);
  expect(elsewhere.scope).not.toBe(one.scope);
});

const IMAGE = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } };

it.each<[string, string, Call]>([
  ['an operation that generates no text', 'operation', anEmbeddingsCall()],
  ['several answers', 'several-answers', asked('Why?', [], { n: 2 })],
  ['sound', 'not-text-answer', asked('Why?', [], { modalities: ['text', 'audio'], audio: { voice: 'alloy' } })],
  [
    'a tool that has the last word',
    'not-asked-last',
    asked('', [], { messages: [{ role: 'tool', content: '21 °C' }] }),
  ],
  [
    'an answer that is begun already',
    'not-asked-last',
    asked('', [], { messages: [{ role: 'assistant', content: 'The' }] }),
  ],
  ['no messages', 'not-asked-last', chat({ messages: [] })],
  [
    'an image',
    'not-text',
    chat({ messages: [{ role: 'user', content: [IMAGE, { type: 'text', text: 'Что это?' }] }] }),
  ],
  ['an image in an earlier turn', 'not-text', asked('Что на ней?', [{ role: 'user', content: [IMAGE] }])],
  [
    "a tool's result in Anthropic's form",
    'not-asked-last',
    messages({ messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: '21' }] }] }),
  ],
  [
    "a function's output in Responses",
    'not-asked-last',
    responses({ input: [{ type: 'function_call_output', output: '21' }] }),
  ],
  ['no word at all', 'no-words', asked('?!')],
  ['a question of several pages', 'too-long', asked('слово '.repeat(400))],
])('leaves %s alone', (_what, reason, call) => {
  expect(questionOf(call, 'tenant')).toBe(reason);
});
