import type { CacheOutcome, CallStatus, PicoDollars, RungStatus, Settlement, Tier } from '@parsimony/contract';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { picoDollars } from './pico-dollars.transformer.js';

/** Where the price of a provider call came from; `ceiling`: the model is unknown, the dearest price was taken. */
export type PriceSource = 'catalogue' | 'tenant' | 'ceiling';

/**
 * One row of the ledger: a settled provider call (a rung), the end of a call, or both in one. A call's rows share
 * `tenantId`, `at` and `callId`.
 */
@Entity('usage', { synchronize: false })
export class UsageRow {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  /** Arrival of the call, which decides the month's partition. */
  @PrimaryColumn('timestamptz')
  at!: Date;

  @PrimaryColumn('uuid', { name: 'call_id' })
  callId!: string;

  @PrimaryColumn('smallint')
  rung!: number;

  @Column('uuid', { name: 'team_id', nullable: true })
  teamId!: string | null;

  @Column('uuid', { name: 'key_id', nullable: true })
  keyId!: string | null;

  @Column('text')
  operation!: string;

  @Column('text', { name: 'requested_model' })
  requestedModel!: string;

  @Column('jsonb', { nullable: true })
  tags!: Record<string, string> | null;

  @Column('text', { nullable: true })
  provider!: string | null;

  @Column('text', { nullable: true })
  model!: string | null;

  @Column('text', { nullable: true })
  tier!: Tier | null;

  /** What the provider was called for: `answer`, `retry`, `fallback`. */
  @Column('text', { nullable: true })
  purpose!: string | null;

  @Column('text', { nullable: true })
  settlement!: Settlement | null;

  @Column('text', { name: 'price_source', nullable: true })
  priceSource!: PriceSource | null;

  @Column('int', { default: 0 })
  input!: number;

  @Column('int', { name: 'cached_input', default: 0 })
  cachedInput!: number;

  @Column('int', { name: 'cache_write', default: 0 })
  cacheWrite!: number;

  @Column('int', { name: 'input_audio', default: 0 })
  inputAudio!: number;

  @Column('int', { default: 0 })
  output!: number;

  @Column('int', { default: 0 })
  reasoning!: number;

  @Column('int', { name: 'output_audio', default: 0 })
  outputAudio!: number;

  @Column('numeric', { precision: 24, scale: 12, transformer: picoDollars })
  cost!: PicoDollars;

  @Column('numeric', { precision: 24, scale: 12, transformer: picoDollars })
  reserved!: PicoDollars;

  @Column('text', { name: 'rung_status', nullable: true })
  rungStatus!: RungStatus | null;

  /** HTTP status that the provider answered with. */
  @Column('smallint', { name: 'provider_status', nullable: true })
  providerStatus!: number | null;

  @Column('real', { name: 'rung_latency_ms', nullable: true })
  rungLatencyMs!: number | null;

  /** Whether this row ends the call; the columns from here to `decisions` speak of the whole call. */
  @Column('boolean')
  closes!: boolean;

  @Column('text', { nullable: true })
  status!: CallStatus | null;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode!: string | null;

  @Column('boolean')
  streamed!: boolean;

  @Column('text', { nullable: true })
  cache!: CacheOutcome | null;

  @Column('numeric', { precision: 24, scale: 12, nullable: true, transformer: picoDollars })
  saved!: PicoDollars | null;

  @Column('real', { name: 'latency_ms', nullable: true })
  latencyMs!: number | null;

  /** Not `Json`, a type that holds itself: TypeORM's types would follow it without end. */
  @Column('jsonb', { nullable: true })
  decisions!: readonly object[] | null;

  /** Order in which rows were written; rows of one transaction may become visible later than higher ones. */
  @Column({ type: 'bigint', insert: false, update: false, transformer: { to: (value: bigint) => value, from: BigInt } })
  seq!: bigint;

  @Column({ type: 'timestamptz', name: 'settled_at', insert: false, update: false })
  settledAt!: Date;

  /** Tokens, written to the provider's cache for an hour. */
  @Column('int', { name: 'cache_write_long', default: 0 })
  cacheWriteLong!: number;

  @Column('int', { default: 0 })
  characters!: number;

  @Column('int', { default: 0 })
  seconds!: number;

  @Column('int', { default: 0 })
  searches!: number;

  /** The leases of budgets that the provider call was charged to; null: none. */
  @Column('bigint', { array: true, nullable: true })
  leases!: readonly string[] | null;
}
