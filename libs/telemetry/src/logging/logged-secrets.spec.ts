import { ProviderError, ProviderInvalidAnswer } from '@parsimony/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger, pluginLog, type Logger } from './logger.js';

const KEY = 'sk-proj-0123456789abcdefABCDEF';
const PROMPT = 'Мой пароль от банка — «хлеб с маслом», никому его не говори 🤫 please';
const WORDS = [KEY, 'хлеб', 'пароль', 'hunter2', 'please'];

let lines: string[];
let logger: Logger;
beforeEach(() => {
  lines = [];
  logger = createLogger('gateway', 'info', { write: (line) => lines.push(line) });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const answer = Buffer.from(JSON.stringify({ error: { message: PROMPT } }));

/** Secrets in every place of an error that code of ours, of a library's or of a plugin's could put them. */
const ERRORS: [string, unknown][] = [
  ["a provider's answer", new ProviderError('status 400', 400, answer, { authorization: `Bearer ${KEY}` })],
  ['text that is not JSON', thrownBy(() => JSON.parse(PROMPT))],
  ['a cause', new ProviderInvalidAnswer('no JSON', { cause: thrownBy(() => JSON.parse(`{"a": ${PROMPT}`)) })],
  ['a cause of a cause', new Error('a', { cause: new Error('b', { cause: new Error(`key ${KEY}`) }) })],
  ['a quotation', new Error(`invalid input syntax for type json: "${PROMPT}"`)],
  ['a quotation that never ends', new Error(`cannot embed '${PROMPT}`)],
  ['a key in words', new TypeError(`Incorrect API key provided: ${KEY}. Find it in your account.`)],
  ['a header in words', new Error(`header authorization: Bearer ${KEY} is not valid`)],
  ['an address with a password', new Error('connect postgres://admin:hunter2@db:5432/parsimony failed')],
  ['an address with a key', new Error('GET https://api.example.com/v1?alt=sse&key=hunter2-hunter2 failed')],
  ['fields', Object.assign(new Error('query failed'), { parameters: [PROMPT], detail: KEY, query: PROMPT })],
  ['a code', Object.assign(new Error('odd'), { code: `${KEY} ${PROMPT}` })],
  ['lines that look like frames', new Error(`odd\n    at ${'"'}${PROMPT}${'"'}\n    at ${KEY}`)],
  ['a stack of its own', Object.assign(new Error('odd'), { stack: `Error: ${PROMPT}\n${KEY}` })],
  ['a name', Object.assign(new Error('odd'), { name: KEY })],
  ['many errors', new AggregateError([new Error(PROMPT), new Error(KEY)], 'all failed')],
  ['an object', { messages: [{ role: 'user', content: PROMPT }], key: KEY }],
  ['a text', `could not send "${PROMPT}" with ${KEY}`],
];

describe.each(ERRORS)('an error with secrets in %s', (_, error) => {
  it.each<[string, () => void]>([
    ['as the error', () => logger.error({ error }, 'a fault')],
    ['as err', () => logger.error({ err: error }, 'a fault')],
    ["as a plugin's", () => pluginLog(logger, 'p').error('broken', { error: error as never })],
    ['beside a call', () => logger.child({ callId: 'c' }).warn({ error, outcome: 'bypassed' }, 'a layer broke')],
  ])('shows none of them: %s', (_name, log) => {
    log();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: expect.any(String) });
    for (const word of WORDS) expect(lines[0]).not.toContain(word);
  });

  it('shows none of them under a name that nobody knows, where it is an error', () => {
    if (!(error instanceof Error)) return;
    logger.error({ reason: error }, 'a fault');
    for (const word of WORDS) expect(lines[0]).not.toContain(word);
    expect(lines[0]).toContain('"type"');
  });
});

it('still says what went wrong', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  logger.error({ error: new Error('column "tenant_id" of relation "usage" is odd', { cause }) }, 'a fault');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    error: {
      message: 'column "tenant_id" of relation "usage" is odd',
      cause: { message: 'connect ECONNREFUSED 127.0.0.1:5432', code: 'ECONNREFUSED' },
    },
  });
});

it('is bounded, however long a message is', () => {
  logger.error({ error: new Error('ж'.repeat(5_000_000)) }, 'a fault');
  expect(lines[0]?.length).toBeLessThan(4000);
});

it.each(['prompt', 'messages', 'wire', 'x-api-key', 'cookie', 'token', 'masterKey'])('masks %s by its name', (name) => {
  logger.info({ [name]: PROMPT, call: { [name]: [PROMPT], deep: { [name]: { text: PROMPT } } } }, 'odd');
  for (const word of WORDS) expect(lines[0]).not.toContain(word);
});

describe('one entry is one line', () => {
  it.each([
    ['a line feed', 'a\n{"level":60,"msg":"forged"}'],
    ['a carriage return', 'a\r{"level":60}'],
    ["a terminal's escape", 'a\u001b[2J\u001b]0;owned\u0007'],
    ["a terminal's escape in one character", 'a\u009b2J'],
    ['a next line', 'a\u0085b'],
    ['a line separator', 'a\u2028b\u2029c'],
    ['a change of direction', 'a\u202e\u2066gnp.exe'],
    ['a NUL and a DEL', 'a\u0000\u007f'],
    ['half a pair', 'a\ud800'],
  ])('with %s in a name, a key, a message and an error', (_, text) => {
    logger.warn({ model: text, [text]: 1, target: { model: text }, error: new Error(text) }, text);
    const line = lines[0] ?? '';
    expect(lines).toHaveLength(1);
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    expect(JSON.parse(line)).toMatchObject({ level: 40 });
    if (!text.includes('\ud800')) expect(JSON.parse(line)).toMatchObject({ model: text, msg: text });
  });
});
