import { NO_USAGE } from '@parsimony/contract';
import { UsageRow } from '@parsimony/persistence';
import { expect, test } from 'vitest';
import { toCallRecord } from './call-record.js';

const CALL = { callId: 'c', at: new Date(0), tenantId: 't', teamId: null, keyId: 'k', requestedModel: 'auto' };
const NO_RUNG = { provider: null, model: null, purpose: null, operation: 'chat.completions' };
const NO_CLOSING = {
  closes: false,
  status: null,
  errorCode: null,
  cache: null,
  saved: null,
  latencyMs: null,
  decisions: null,
};

function row(fields: Partial<UsageRow>): UsageRow {
  return Object.assign(new UsageRow(), { ...CALL, ...NO_USAGE, ...NO_CLOSING, ...NO_RUNG, cost: 0n }, fields);
}

const rung = (model: string, fields: Partial<UsageRow>) =>
  row({
    provider: 'openai',
    model,
    purpose: 'answer',
    settlement: 'exact',
    rungStatus: 'ok',
    rungLatencyMs: 7,
    ...fields,
  });

test('a cascade is one call with its rungs, as sure as the least sure of them', () => {
  const record = toCallRecord([
    rung('small', { rung: 0, cost: 5n, input: 10, cachedInput: 2, output: 3, settlement: 'at-least' }),
    rung('large', { rung: 1, cost: 70n, input: 12, output: 4, reasoning: 5 }),
    row({ rung: 2, closes: true, status: 'ok', cache: 'miss', saved: 9n, latencyMs: 33 }),
  ]);
  expect(record).toMatchObject({
    status: 'ok',
    model: 'openai/large',
    settlement: 'AT_LEAST',
    cost: 75n,
    saved: 9n,
    inputTokens: 24,
    cachedInputTokens: 2,
    outputTokens: 12,
    latencyMs: 33,
    rungs: [{ model: 'small', usage: { ...NO_USAGE, input: 10, cachedInput: 2, output: 3 } }, { model: 'large' }],
  });
});

test('every bucket counts once, in the figure that it belongs to', () => {
  const usage = {
    input: 1,
    cachedInput: 2,
    cacheWrite: 4,
    cacheWriteLong: 8,
    inputAudio: 16,
    output: 32,
    reasoning: 64,
    outputAudio: 128,
    characters: 256,
    seconds: 512,
    searches: 1024,
  };
  expect(toCallRecord([rung('any', { rung: 0, cost: 1n, ...usage })])).toMatchObject({
    inputTokens: 31,
    cachedInputTokens: 2,
    outputTokens: 224,
    characters: 256,
    seconds: 512,
    searches: 1024,
    rungs: [{ usage }],
  });
});

test('a call without its end is interrupted', () => {
  const record = toCallRecord([rung('small', { rung: 0, cost: 5n })]);
  expect(record).toMatchObject({ status: 'interrupted', cost: 5n, saved: 0n, latencyMs: 0, decisions: [] });
});

test('a call whose gateway died with two provider calls under way is unconfirmed', () => {
  const lost = {
    closes: true,
    status: 'failed',
    errorCode: 'interrupted',
    settlement: 'unconfirmed',
    rungStatus: 'failed',
  } as const;
  const record = toCallRecord([rung('small', { rung: 0, ...lost }), rung('large', { rung: 1, ...lost })]);
  expect(record).toMatchObject({ status: 'failed', errorCode: 'interrupted', settlement: 'UNCONFIRMED', cost: 0n });
});

test('a call that met no provider has no model and costs nothing, exactly', () => {
  const refused = row({ rung: 0, closes: true, status: 'refused', errorCode: 'tag_required', saved: 0n, latencyMs: 1 });
  expect(toCallRecord([refused])).toMatchObject({
    status: 'refused',
    errorCode: 'tag_required',
    model: null,
    cache: 'miss',
    settlement: 'EXACT',
    rungs: [],
  });
});

test('what a plugin asked for itself is a rung, and not the model that answered', () => {
  const embedding = rung('text-embedding-3-small', { rung: 0, purpose: 'embedding', cost: 1n, input: 9 });
  const answered = [
    embedding,
    rung('large', { rung: 1, cost: 70n, input: 12, output: 4, closes: true, status: 'ok', cache: 'miss' }),
    rung('small', { rung: 2, purpose: 'judge', cost: 2n, input: 30, output: 1 }),
  ] as const;
  expect(toCallRecord(answered)).toMatchObject({
    model: 'openai/large',
    cost: 73n,
    rungs: [{ purpose: 'embedding' }, { purpose: 'answer' }, { purpose: 'judge' }],
  });
  const hit = { closes: true, status: 'ok', cache: 'semantic', saved: 70n, latencyMs: 3 } as const;
  expect(toCallRecord([embedding, row({ rung: 1, ...hit })])).toMatchObject({ model: null, cost: 1n, saved: 70n });
});

test('a cached answer has the model that gave it once, and no rung', () => {
  const hit = { closes: true, status: 'ok', cache: 'exact', saved: 70n, latencyMs: 1 } as const;
  const record = toCallRecord([row({ rung: 0, provider: 'openai', model: 'large', ...hit })]);
  expect(record).toMatchObject({ model: 'openai/large', cache: 'exact', saved: 70n, settlement: 'EXACT', rungs: [] });
});
