import { randomUUID } from 'node:crypto';
import {
  parseUsd,
  type Call,
  type ChatBody,
  type ChatCall,
  type EmbeddingsCall,
  type ModelTarget,
  type Next,
  type PicoDollars,
  type ReplyEvent,
} from '@parsimony/contract';
import { PriceCatalogue } from '@parsimony/pricing';
import { AddressGuard } from '@parsimony/network';
import { ConnectionPools, createProvider, type ProviderSettings } from '@parsimony/providers';
import { anEmbeddingsCall } from '@parsimony/testkit';
import { TokenCounter, type TokenCounterOptions } from '@parsimony/tokens';
import { Drains } from '../src/egress/drains.js';
import { createEgress, type EgressOptions } from '../src/egress/egress.js';
import { unlimitedDoor } from '../src/egress/reservation-door.js';
import type { Flusher } from '../src/flush/flusher.js';
import type { Journal } from '../src/journal/journal.js';
import { meterCall } from '../src/meter.js';
import { aLedgerCall, CLOSED, KEY, TENANT } from './a-row.js';
import { JournalFolder } from './journal-folder.js';
import type { Ledger, StoredRow } from './ledger.js';

export interface BenchOptions {
  readonly baseUrl: string;
  readonly egress?: Partial<EgressOptions>;
  readonly provider?: ProviderSettings;
  readonly tokens?: TokenCounterOptions;
}

/** What a caller got. */
export interface Answered {
  readonly events: readonly ReplyEvent[];
  readonly error: unknown;
}

/** The egress with all its real parts: a provider over HTTP, a journal in files, the ledger in PostgreSQL. */
export class EgressBench implements AsyncDisposable {
  readonly folder = new JournalFolder();
  readonly journal: Journal = this.folder.open();
  readonly drains = new Drains(60_000, () => undefined);
  readonly egress: Next;
  readonly #flusher: Flusher;
  readonly #pools = new ConnectionPools(new AddressGuard());
  readonly #tokens: TokenCounter;

  private constructor(
    private readonly ledger: Ledger,
    catalogue: PriceCatalogue,
    { baseUrl, egress, provider, tokens }: BenchOptions,
  ) {
    this.#flusher = ledger.flusher(this.journal, this.folder.files);
    const credential = { type: 'key', key: 'sk-spec' } as const;
    const adapter = createProvider(
      { name: 'openai', kind: 'openai', baseUrl, credential, settings: provider ?? {}, trusted: true },
      this.#pools,
    );
    this.#tokens = new TokenCounter(tokens);
    this.egress = createEgress({
      providerFor: (target) => (target.provider === 'openai' ? adapter : undefined),
      door: unlimitedDoor,
      priceOf: (target, at) =>
        catalogue.find(target.provider, target.model, at) ?? catalogue.ceilingPrice(target.provider, target.model),
      tokens: this.#tokens,
      drains: this.drains,
      onClientAbort: 'drain',
      ...egress,
    });
  }

  static async open(ledger: Ledger, options: BenchOptions): Promise<EgressBench> {
    return new EgressBench(ledger, await PriceCatalogue.bundled(), options);
  }

  /** Carries out a call as the edge does; the caller hangs up after `most` events. */
  async run(call: Call, most = Infinity): Promise<Answered> {
    const meter = meterCall(call, this.journal);
    const events: ReplyEvent[] = [];
    let error: unknown;
    try {
      for await (const event of this.egress(call)) {
        events.push(event);
        if (events.length >= most) break;
      }
    } catch (caught) {
      error = caught;
    }
    const outcome = { ...CLOSED, decisions: meter.decisions };
    await meter.close(error === undefined ? outcome : { ...outcome, status: 'failed' }).catch(() => undefined);
    return { events, error };
  }

  /** The rows of the ledger, once all answers are read to their end. */
  async rows(): Promise<StoredRow[]> {
    await this.drains.finish(10_000);
    await this.journal.commit();
    await this.#flusher.flush();
    return this.ledger.rows();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drains.finish(0);
    await this.#flusher.stop(5000);
    await this.#pools[Symbol.asyncDispose]();
    await this.#tokens[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

export function sumOf(rows: readonly StoredRow[]): PicoDollars {
  return rows.reduce((sum, { cost }) => sum + parseUsd(cost), 0n);
}

/** A chat call at a model of OpenAI. */
export function aChat(stream: boolean, body: Partial<ChatBody> = {}, changes: Partial<ChatCall> = {}): ChatCall {
  const model = body.model ?? 'gpt-4.1-mini';
  const messages = [{ role: 'user', content: `Name a prime number, ${randomUUID()}.` }];
  return aLedgerCall({ stream, target: aTarget(model), body: { messages, stream, ...body, model }, ...changes });
}

export function anEmbedding(input: string): EmbeddingsCall {
  const model = 'text-embedding-3-small';
  const caller = { tenantId: TENANT, teamId: null, keyId: KEY };
  return anEmbeddingsCall({ id: randomUUID(), caller, target: aTarget(model), body: { model, input } });
}

function aTarget(model: string): ModelTarget {
  return { provider: 'openai', model, tier: null };
}
