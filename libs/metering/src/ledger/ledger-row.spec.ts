import { randomUUID } from 'node:crypto';
import { formatUsd, type ChatCall } from '@parsimony/contract';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLedgerCall, aReservation, aRow, CLOSED, KEY, SETTLED, TENANT } from '../../test/a-row.js';
import { LedgerWriter } from '../flush/ledger-writer.js';
import { LedgerCall, LedgerRow, LEDGER_COLUMNS } from './ledger-row.js';

const HOSTILE = [
  'tab\there',
  'line\nfeed',
  'carriage\rreturn\r\n',
  'back\\slash \\N \\. \\t \\\\',
  '\\N',
  '\\.',
  'Русский текст',
  'emoji 😀 👩‍👩‍👧',
  "'; DROP TABLE usage; --",
  '"quotes" {braces}',
  '\u0001\u001f\u007f\u2028',
  'nul \0 nul',
  'lone \ud800 and \udfff',
  '\\u0000',
  'x'.repeat(100_000),
];

let database: TestDatabase;
let writer: LedgerWriter;

beforeAll(async () => {
  database = await startTestDatabase();
  writer = new LedgerWriter(database.url, () => undefined);
});
afterAll(async () => {
  await writer.close();
  await database.stop();
});

/** Writes rows and reads those of one call back, in order of their rungs. */
async function throughTheLedger(call: ChatCall, rows: readonly LedgerRow[]): Promise<Record<string, unknown>[]> {
  await writer.write(Buffer.from(rows.map((row) => `${row.encode()}\n`).join('')));
  return database.dataSource.query('SELECT * FROM usage WHERE call_id = $1 ORDER BY rung', [call.id]);
}

/** What PostgreSQL can hold of a text: neither NUL nor half a character. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

describe('a row of the ledger', () => {
  it.each(HOSTILE.map((text) => [text.slice(0, 40), text]))('arrives whole with %j in every text', async (_, text) => {
    const call = aLedgerCall({ requestedModel: text, tags: { [text]: text } });
    const target = { provider: text, model: text, tier: null };
    const row = new LedgerRow(new LedgerCall(call), 0, aReservation({ target }));
    row.settle(SETTLED);
    const detail = { text, nested: [{ text }] };
    row.close({ ...CLOSED, errorCode: text, decisions: [{ plugin: text, summary: text, detail }] });
    const kept = storable(text);
    expect(await throughTheLedger(call, [row])).toMatchObject([
      {
        requested_model: kept,
        tags: { [kept]: kept },
        provider: kept,
        model: kept,
        error_code: kept,
        decisions: [{ plugin: kept, summary: kept, detail: { text: kept, nested: [{ text: kept }] } }],
      },
    ]);
  });

  it('has every field of a call that is settled and closed', async () => {
    const teamId = randomUUID();
    const caller = { tenantId: TENANT, teamId, keyId: KEY };
    const call = aLedgerCall({ caller, tags: { feature: 'search' }, requestedModel: 'auto', stream: true });
    const row = new LedgerRow(new LedgerCall(call), 3, aReservation({ leases: '{7,9223372036854775807}' }));
    const tokens = { input: 1, cachedInput: 2, cacheWrite: 3, inputAudio: 4, output: 5, reasoning: 6, outputAudio: 7 };
    const usage = { ...tokens, cacheWriteLong: 8, characters: 9, seconds: 10, searches: 11 };
    row.settle({ ...SETTLED, usage, cost: 123_456_789_012_345n, settlement: 'at-least', latencyMs: 12.5 });
    row.close({ ...CLOSED, saved: -7n, cache: 'semantic', decisions: [{ plugin: 'p', summary: 's', detail: {} }] });
    const [read] = await throughTheLedger(call, [row]);
    expect(read).toEqual({
      tenant_id: TENANT,
      at: new Date(call.receivedAt),
      call_id: call.id,
      rung: 3,
      team_id: teamId,
      key_id: KEY,
      operation: 'chat.completions',
      requested_model: 'auto',
      tags: { feature: 'search' },
      streamed: true,
      provider: 'openai',
      model: 'gpt-4.1-mini',
      tier: 'economy',
      purpose: 'answer',
      settlement: 'at-least',
      price_source: 'catalogue',
      input: 1,
      cached_input: 2,
      cache_write: 3,
      input_audio: 4,
      output: 5,
      reasoning: 6,
      output_audio: 7,
      cache_write_long: 8,
      characters: 9,
      seconds: 10,
      searches: 11,
      leases: ['7', '9223372036854775807'],
      cost: '123.456789012345',
      reserved: formatUsd(100n),
      rung_status: 'ok',
      provider_status: 200,
      rung_latency_ms: 12.5,
      closes: true,
      status: 'ok',
      error_code: null,
      cache: 'semantic',
      saved: formatUsd(-7n),
      latency_ms: 2.25,
      decisions: [{ plugin: 'p', summary: 's', detail: {} }],
      seq: expect.any(String),
      settled_at: expect.any(Date),
    });
    expect(Object.keys(read ?? {})).toEqual(expect.arrayContaining([...LEDGER_COLUMNS]));
  });

  it('says before its settlement what is true if the gateway dies now', async () => {
    const call = aLedgerCall();
    const [read] = await throughTheLedger(call, [aRow(call)]);
    expect(read).toMatchObject({
      settlement: 'unconfirmed',
      cost: formatUsd(0n),
      reserved: formatUsd(100n),
      rung_status: 'failed',
      closes: true,
      status: 'failed',
      error_code: 'interrupted',
      tags: null,
      team_id: null,
      leases: null,
    });
  });

  it('closes a call that needed no provider, and leaves a call open that goes on', async () => {
    const call = aLedgerCall();
    const rung = aRow(call, 0);
    rung.settle(SETTLED);
    const closing = new LedgerRow(new LedgerCall(call), 1, undefined);
    closing.close({ ...CLOSED, status: 'refused', errorCode: 'budget_exceeded', cache: null });
    expect(await throughTheLedger(call, [rung, closing])).toMatchObject([
      { rung: 0, closes: false, status: null, provider: 'openai', settlement: 'exact', cost: formatUsd(15n) },
      { rung: 1, closes: true, status: 'refused', error_code: 'budget_exceeded', provider: null, settlement: null },
    ]);
  });
});
