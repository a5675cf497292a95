import { formatUsd, NO_USAGE } from '@parsimony/contract';
import type {
  CacheOutcome,
  CallerRef,
  CallStatus,
  Decision,
  ModelTarget,
  PicoDollars,
  RungStatus,
  Settlement,
  SidePurpose,
  Usage,
} from '@parsimony/contract';
import type { ModelPrice } from '@parsimony/pricing';
import type { RosterEntry } from '../roster.js';
import { COPY_NULL, copyJson, copyText } from './copy-text.js';

/**
 * The columns of table `usage` in the order of a row's fields; the database fills in the others. Append only: a journal
 * that a former version has left behind holds rows that end earlier (`row-version.ts`).
 */
export const LEDGER_COLUMNS = [
  'tenant_id',
  'at',
  'call_id',
  'rung',
  'team_id',
  'key_id',
  'operation',
  'requested_model',
  'tags',
  'streamed',
  'provider',
  'model',
  'tier',
  'purpose',
  'settlement',
  'price_source',
  'input',
  'cached_input',
  'cache_write',
  'input_audio',
  'output',
  'reasoning',
  'output_audio',
  'cost',
  'reserved',
  'rung_status',
  'provider_status',
  'rung_latency_ms',
  'closes',
  'status',
  'error_code',
  'cache',
  'saved',
  'latency_ms',
  'decisions',
  'cache_write_long',
  'characters',
  'seconds',
  'searches',
  'leases',
] as const;

/** What a provider call came to. */
export interface RungOutcome {
  readonly status: RungStatus;
  readonly settlement: Settlement;
  readonly usage: Usage;
  readonly cost: PicoDollars;
  readonly providerStatus: number | null;
  readonly latencyMs: number;
}

/** What a call came to. */
export interface CallOutcome {
  readonly status: CallStatus;
  readonly errorCode: string | null;
  readonly cache: CacheOutcome | null;
  /** Where the answer came from; a cached one: once. */
  readonly target?: ModelTarget | null;
  readonly saved: PicoDollars;
  readonly latencyMs: number;
  readonly decisions: readonly Decision[];
}

/**
 * Why a provider was called: for the answer, since an earlier call for it failed, again or elsewhere, or for a question
 * that a plugin has on its own account.
 */
export type Purpose = 'answer' | 'retry' | 'fallback' | SidePurpose;

/** What the ledger says of a call besides its rungs. */
export interface AccountedCall {
  readonly id: string;
  readonly receivedAt: number;
  readonly caller: CallerRef;
  readonly operation: string;
  readonly requestedModel: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly stream: boolean;
}

/** A provider call as it was set aside. */
export interface Reservation {
  readonly target: ModelTarget;
  readonly purpose: Purpose;
  readonly price: ModelPrice;
  readonly reserved: PicoDollars;
  /** The leases it is charged to, as PostgreSQL writes an array; null: none. */
  readonly leases: string | null;
}

/** What stands in the ledger if nothing better is ever learnt: the gateway died, and the provider may have billed up to `reserved`. */
const LOST: RungOutcome = {
  status: 'failed',
  settlement: 'unconfirmed',
  usage: NO_USAGE,
  cost: 0n,
  providerStatus: null,
  latencyMs: 0,
};
const INTERRUPTED: CallOutcome = {
  status: 'failed',
  errorCode: 'interrupted',
  cache: null,
  saved: 0n,
  latencyMs: 0,
  decisions: [],
};

/** The fields that all rows of one call share, as COPY text. */
export class LedgerCall {
  readonly #head: string;
  readonly #tail: string;

  constructor(call: AccountedCall) {
    const { tenantId, teamId, keyId } = call.caller;
    const tags = Object.keys(call.tags).length === 0 ? COPY_NULL : copyJson(call.tags);
    this.#head = `${tenantId}\t${timestamp(call.receivedAt)}\t${call.id}\t`;
    this.#tail = `\t${teamId ?? COPY_NULL}\t${keyId}\t${call.operation}\t${copyText(call.requestedModel)}\t${tags}\t${call.stream ? 't' : 'f'}\t`;
  }

  encode(rung: number): string {
    return this.#head + rung + this.#tail;
  }
}

let lastMillisecond = 0;
let lastTimestamp = '';

/** ISO 8601; many calls arrive in one millisecond. */
function timestamp(at: number): string {
  if (at !== lastMillisecond) {
    lastMillisecond = at;
    lastTimestamp = new Date(at).toISOString();
  }
  return lastTimestamp;
}

/**
 * One row of the ledger: a provider call, the closing of a call, or both in one, which is the usual case. It is encoded
 * only when the journal writes it, so that a call that closes at once after its settlement costs one row.
 */
export class LedgerRow implements RosterEntry {
  rosterIndex = -1;
  /** Set by the journal: it waits to be written. */
  queued = false;
  /** Set by the journal: later changes no longer reach it. */
  written = false;
  #outcome: RungOutcome | undefined;
  #closing: CallOutcome | undefined;

  constructor(
    private readonly call: LedgerCall,
    readonly rung: number,
    readonly reservation: Reservation | undefined,
  ) {}

  /** A plugin's question for the call: it never says how the call itself has ended. */
  get isAside(): boolean {
    const purpose = this.reservation?.purpose;
    return purpose === 'embedding' || purpose === 'judge';
  }

  settle(outcome: RungOutcome): void {
    this.#outcome = outcome;
    this.written = false;
  }

  close(outcome: CallOutcome): void {
    this.#closing = outcome;
  }

  /** COPY text without its line end. Before it is settled, a row says what is true if the gateway dies now. */
  encode(): string {
    const lost = this.reservation !== undefined && this.#outcome === undefined && !this.isAside;
    const closing = encodeClosing(lost ? INTERRUPTED : this.#closing);
    return `${this.call.encode(this.rung)}${this.#encodeRung()}\t${closing}${this.#encodeUnits()}\t${this.reservation?.leases ?? COPY_NULL}`;
  }

  /** Nearly every call has none of them. */
  #encodeUnits(): string {
    if (!this.#outcome) return NO_UNITS;
    const { cacheWriteLong, characters, seconds, searches } = this.#outcome.usage;
    if (cacheWriteLong + characters + seconds + searches === 0) return NO_UNITS;
    return `\t${cacheWriteLong}\t${characters}\t${seconds}\t${searches}`;
  }

  #encodeRung(): string {
    if (!this.reservation) return encodeNoRung(this.#closing?.target);
    const { target, purpose, price, reserved } = this.reservation;
    const { status, settlement, usage, cost, providerStatus, latencyMs } = this.#outcome ?? LOST;
    return (
      `${copyText(target.provider)}\t${copyText(target.model)}\t${target.tier ?? COPY_NULL}\t${purpose}\t${settlement}\t${price.source}\t` +
      `${usage.input}\t${usage.cachedInput}\t${usage.cacheWrite}\t${usage.inputAudio}\t${usage.output}\t${usage.reasoning}\t${usage.outputAudio}\t` +
      `${formatUsd(cost)}\t${formatUsd(reserved)}\t${status}\t${providerStatus ?? COPY_NULL}\t${latencyMs.toFixed(3)}`
    );
  }
}

const NO_TARGET = `${COPY_NULL}\t${COPY_NULL}\t${COPY_NULL}`;
const NO_RUNG = `${`\t${COPY_NULL}`.repeat(3)}\t${'0\t'.repeat(9)}${COPY_NULL}\t${COPY_NULL}\t${COPY_NULL}`;
const NO_UNITS = '\t0\t0\t0\t0';
const NO_CLOSING = `f${`\t${COPY_NULL}`.repeat(6)}`;

/** Without its model, a cached answer would be missing where usage is grouped by models. */
function encodeNoRung(target: ModelTarget | null | undefined): string {
  if (!target) return NO_TARGET + NO_RUNG;
  return `${copyText(target.provider)}\t${copyText(target.model)}\t${target.tier ?? COPY_NULL}${NO_RUNG}`;
}

function encodeClosing(closing: CallOutcome | undefined): string {
  if (!closing) return NO_CLOSING;
  const { status, errorCode, cache, saved, latencyMs, decisions } = closing;
  const told = decisions.length === 0 ? COPY_NULL : copyJson(decisions);
  return `t\t${status}\t${copyText(errorCode)}\t${cache ?? COPY_NULL}\t${formatUsd(saved)}\t${latencyMs.toFixed(3)}\t${told}`;
}
