export const PROTOCOLS = ['chat', 'messages', 'responses'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

const SYSTEM =
  'You help the customers of a railway. Answer in the language of the question, in two or three sentences. Say times in ' +
  'the time zone of the station. Never promise a refund; say where it can be asked for. Where you do not know, look it up ' +
  'with a tool, and where no tool helps, say so. Do not repeat what the customer has said, and do not ask twice.';
const QUESTION = 'Когда завтра утром идёт первый поезд из Омска в Новосибирск, и есть ли в нём места для двоих?';
const LOOK_UP = { from: 'Омск', to: 'Новосибирск', date: '2026-11-25', passengers: 2 };
const FOUND = JSON.stringify({
  trains: [
    { number: '068Ы', departs: '05:12', arrives: '12:47', seats: { second: 14, third: 31 }, price: 2_140 },
    { number: '140Н', departs: '07:40', arrives: '15:03', seats: { second: 0, third: 9 }, price: 1_870 },
  ],
});
const FOLLOW_UP =
  'And the same for two passengers with a bicycle each? If the first has no place for them, take the next.';
const CALL_ID = 'call_trains_1';

const TOOLS = [
  {
    name: 'find_trains',
    description: 'Trains between two stations on one day, with free seats by class and the lowest price in roubles.',
    schema: {
      type: 'object',
      properties: {
        from: { type: 'string', description: 'Station of departure' },
        to: { type: 'string', description: 'Station of arrival' },
        date: { type: 'string', description: 'Day of departure, YYYY-MM-DD' },
        passengers: { type: 'integer', minimum: 1, maximum: 8 },
      },
      required: ['from', 'to', 'date', 'passengers'],
    },
  },
  {
    name: 'luggage_rules',
    description: 'What may be taken along in a train, and what it costs.',
    schema: {
      type: 'object',
      properties: {
        train: { type: 'string', description: 'Number of the train' },
        item: { type: 'string', enum: ['suitcase', 'bicycle', 'pushchair', 'animal'] },
      },
      required: ['train', 'item'],
    },
  },
];

/**
 * A request as an assistant with tools makes it: instructions, a question, a call of a tool, its result, a further
 * question and two tools, some 2 kB; the same words in each protocol.
 */
export function requestBody(protocol: Protocol, model: string, stream: boolean): string {
  return JSON.stringify({ model, ...BODIES[protocol], ...(stream && { stream: true }) });
}

const BODIES: Readonly<Record<Protocol, object>> = {
  chat: {
    max_tokens: 512,
    temperature: 0.3,
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: QUESTION },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: CALL_ID, type: 'function', function: { name: 'find_trains', arguments: JSON.stringify(LOOK_UP) } },
        ],
      },
      { role: 'tool', tool_call_id: CALL_ID, content: FOUND },
      { role: 'user', content: FOLLOW_UP },
    ],
    tools: TOOLS.map(({ name, description, schema }) => ({
      type: 'function',
      function: { name, description, parameters: schema },
    })),
  },
  messages: {
    max_tokens: 512,
    temperature: 0.3,
    system: SYSTEM,
    messages: [
      { role: 'user', content: QUESTION },
      { role: 'assistant', content: [{ type: 'tool_use', id: CALL_ID, name: 'find_trains', input: LOOK_UP }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: CALL_ID, content: FOUND },
          { type: 'text', text: FOLLOW_UP },
        ],
      },
    ],
    tools: TOOLS.map(({ name, description, schema }) => ({ name, description, input_schema: schema })),
  },
  responses: {
    max_output_tokens: 512,
    temperature: 0.3,
    store: false,
    instructions: SYSTEM,
    input: [
      { role: 'user', content: QUESTION },
      { type: 'function_call', call_id: CALL_ID, name: 'find_trains', arguments: JSON.stringify(LOOK_UP) },
      { type: 'function_call_output', call_id: CALL_ID, output: FOUND },
      { role: 'user', content: FOLLOW_UP },
    ],
    tools: TOOLS.map(({ name, description, schema }) => ({
      type: 'function',
      name,
      description,
      parameters: schema,
      strict: false,
    })),
  },
};
