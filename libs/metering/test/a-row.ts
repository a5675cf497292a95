import { randomUUID } from 'node:crypto';
import { NO_USAGE, type ChatCall } from '@parsimony/contract';
import type { ModelPrice } from '@parsimony/pricing';
import { aCall } from '@parsimony/testkit';
import { LedgerCall, LedgerRow } from '../src/ledger/ledger-row.js';
import type { CallOutcome, Reservation, RungOutcome } from '../src/ledger/ledger-row.js';

export const TENANT = '0193a000-0000-7000-8000-00000000000a';
export const KEY = '0193a000-0000-7000-8000-00000000000c';

const RATES = {
  input: 1n,
  cachedInput: 1n,
  cacheWrite: 1n,
  cacheWriteLong: 1n,
  inputAudio: 1n,
  output: 1n,
  reasoning: 1n,
  outputAudio: 1n,
  characters: 1n,
  seconds: 1n,
  searches: 1n,
};
const TABLE = [
  {
    above: 0,
    rates: RATES,
    dearestInput: 1n,
    dearestOutput: 1n,
    dearestCharacter: 1n,
    dearestSecond: 1n,
    dearestSearch: 1n,
  },
] as const;

const PRICE: ModelPrice = {
  provider: 'openai',
  model: 'gpt-4.1-mini',
  source: 'catalogue',
  effectiveFrom: null,
  perCall: 0n,
  standard: TABLE,
  batch: TABLE,
};

export const SETTLED: RungOutcome = {
  status: 'ok',
  settlement: 'exact',
  usage: { ...NO_USAGE, input: 10, output: 5 },
  cost: 15n,
  providerStatus: 200,
  latencyMs: 1.5,
};

export const CLOSED: CallOutcome = {
  status: 'ok',
  errorCode: null,
  cache: 'miss',
  saved: 0n,
  latencyMs: 2.25,
  decisions: [],
};

/** A call whose ids PostgreSQL takes. */
export function aLedgerCall(changes: Partial<ChatCall> = {}): ChatCall {
  return aCall({ id: randomUUID(), caller: { tenantId: TENANT, teamId: null, keyId: KEY }, ...changes });
}

export function aReservation(changes: Partial<Reservation> = {}): Reservation {
  const target = { provider: 'openai', model: 'gpt-4.1-mini', tier: 'economy' } as const;
  return { target, purpose: 'answer', price: PRICE, reserved: 100n, leases: null, ...changes };
}

/** A provider call that is set aside, and not settled. */
export function aRow(call: ChatCall = aLedgerCall(), rung = 0): LedgerRow {
  return new LedgerRow(new LedgerCall(call), rung, aReservation());
}

/** The COPY text of a settled and closed row, with its line feed. */
export function aSettledLine(call: ChatCall = aLedgerCall(), outcome: Partial<RungOutcome> = {}): string {
  const row = aRow(call);
  row.settle({ ...SETTLED, ...outcome });
  row.close(CLOSED);
  return `${row.encode()}\n`;
}
