import { hash } from 'node:crypto';
import { isParsimonyError, NO_USAGE } from '@parsimony/contract';
import type { CallContext, Json, ResultCache, ResultLookup, ResultQuestion, ResultToKeep } from '@parsimony/contract';
import { answerIdOf, type Comparer, type Verdict } from '../comparison/index.js';
import type { Configuration } from '../configuration.js';
import { foldPrompt, type Entry, type EntryStore } from '../entries/index.js';
import type { BackgroundQueue, SharedLearning } from '../learning/index.js';
import {
  behind,
  expiryOf,
  kindOfResults,
  LookupTooSlow,
  storedSignature,
  within,
  type SemanticIndex,
} from '../semantic/index.js';
import { signatureOf } from '../verification/index.js';
import { checkQuestion, decodeValue, encodeValue } from './result-fields.js';
import { placeOf, type ResultPlace } from './result-scope.js';
import { readTicket, writeTicket } from './ticket.js';
import { compareValues } from './value-comparison.js';

/** Whoever asks by name waits for this alone, and would otherwise do the whole work anew. */
const LOOK_UP_MS = 2_000;

/** Longer inputs are found by their letters alone: no embedder reads them whole. */
const LONGEST_MEANING = 1_000;

/** What the results work with. */
export interface ResultParts {
  /** Undefined where nothing is found by its meaning. */
  readonly index: SemanticIndex | undefined;
  readonly comparer: Comparer;
  readonly entries: EntryStore;
  readonly learning: SharedLearning;
  readonly queue: BackgroundQueue;
}

const MISS: ResultLookup = { outcome: 'miss', value: null, similarity: null, ticket: null, saved: 0n };

/** Results that a tenant's applications keep by name: found by their input's letters, then by its meaning as verified. */
export class NamedResults implements ResultCache {
  constructor(
    private readonly parts: ResultParts,
    private readonly config: Configuration,
  ) {}

  /** Whoever gets nothing makes it: a store that is away is a miss and no error. @throws InvalidRequest */
  async lookUp(context: CallContext, question: ResultQuestion): Promise<ResultLookup> {
    checkQuestion(question);
    if (context.cache !== 'default') return MISS;
    const { entries, learning } = this.parts;
    const { tenantId } = context.caller;
    const kind = kindOfResults(question.namespace);
    const place = placeOf(context, question, this.config.scope);
    const entry = await this.#byLetters(tenantId, place);
    if (entry) {
      entries.served(entry);
      return hit('exact', entry, 1);
    }
    const found = await this.#byMeaning(context, question, place);
    learning.quality.add(tenantId, kind, {
      lookups: 1,
      hits: found.outcome === 'semantic' ? 1 : 0,
      explorations: found.ticket === null || readTicket(found.ticket)?.audit ? 0 : 1,
    });
    return found;
  }

  /** @throws InvalidRequest, DatabaseUnavailable */
  async keep(context: CallContext, result: ResultToKeep): Promise<string> {
    checkQuestion(result);
    const place = placeOf(context, result, this.config.scope);
    const value = encodeValue(result.value);
    const entry = this.#entryOf(context, result, place, value);
    await this.parts.entries.keepNow(entry, this.config);
    const index = this.#indexFor(result.input, place);
    if (index) this.parts.queue.push(() => this.#learn(index, behind(context), result, entry), value.byteLength);
    return place.id;
  }

  async #byLetters(tenantId: string, { id }: ResultPlace): Promise<Entry | undefined> {
    if (!this.config.exact) return undefined;
    try {
      const entry = await this.parts.entries.find(tenantId, id);
      return entry && entry.tenantId === tenantId && entry.expiresAt > Date.now() ? entry : undefined;
    } catch (error) {
      if (isParsimonyError(error)) return undefined;
      throw error;
    }
  }

  async #byMeaning(
    context: CallContext,
    { namespace, input }: ResultQuestion,
    place: ResultPlace,
  ): Promise<ResultLookup> {
    const { entries } = this.parts;
    const index = this.#indexFor(input, place);
    if (!index) return MISS;
    const { scope } = place;
    const enquiry = { kind: kindOfResults(namespace), scope, text: input };
    try {
      const {
        decision,
        entry,
        similarity = null,
      } = await within(LOOK_UP_MS, context.signal, (signal) => index.ask({ ...context, signal }, enquiry, this.config));
      if (decision.action === 'exploit' && entry) {
        entries.served(entry);
        return hit('semantic', entry, similarity);
      }
      return { ...MISS, similarity, ticket: entry && decision.pending ? writeTicket(decision.pending) : null };
    } catch (error) {
      context.signal.throwIfAborted();
      if (isParsimonyError(error) || error instanceof LookupTooSlow) return MISS;
      throw error;
    }
  }

  #indexFor(input: string, { language }: ResultPlace): SemanticIndex | undefined {
    const { index } = this.parts;
    return input.length <= LONGEST_MEANING && index?.understands(language) ? index : undefined;
  }

  /** Makes a kept value findable by its meaning, and holds the one that would have been served against it. */
  async #learn(index: SemanticIndex, context: CallContext, result: ResultToKeep, entry: ResultEntry): Promise<void> {
    const { entries, learning } = this.parts;
    const { tenantId } = context.caller;
    const kind = kindOfResults(result.namespace);
    const pending = result.ticket === undefined ? undefined : readTicket(result.ticket);
    const rival = pending && (await entries.find(tenantId, pending.entry));
    const verdict = rival && (await this.#verdict(context, result, rival));
    const vector = await index.neighbourhood.vectorOf(context, result.input);
    await index.keep(verdict ? { ...entry, answerDigest: rival.answerDigest } : entry, vector, this.config);
    if (!pending || verdict === undefined) return;
    learning.learn(tenantId, { kind, observation: { ...pending, right: verdict }, askedEntryId: entry.id });
    if (pending.audit) learning.quality.add(tenantId, kind, { audits: 1, falseHits: verdict ? 0 : 1 });
  }

  async #verdict(context: CallContext, result: ResultToKeep, rival: Entry): Promise<Verdict> {
    if (rival.kind !== 'result' || rival.namespace !== result.namespace) return undefined;
    const values = { kept: decodeValue(rival.answer), fresh: result.value };
    return compareValues(this.parts.comparer, result.input, values, context);
  }

  #entryOf(
    { caller, receivedAt }: CallContext,
    { cost = 0n, input, namespace, ttlMs, value }: ResultToKeep,
    { id, key, scope }: ResultPlace,
    answer: Buffer,
  ): ResultEntry {
    return {
      tenantId: caller.tenantId,
      id,
      kind: 'result',
      key,
      scope,
      namespace,
      question: input,
      prompt: foldPrompt(input),
      signature: storedSignature(signatureOf(input)),
      answer,
      answerDigest: digestOf(value, answer),
      target: null,
      usage: NO_USAGE,
      cost,
      createdAt: receivedAt,
      expiresAt: ttlMs === undefined ? expiryOf(receivedAt, this.config) : receivedAt + ttlMs,
    };
  }
}

type ResultEntry = Entry & { readonly scope: string };

function hit(outcome: 'exact' | 'semantic', entry: Entry, similarity: number | null): ResultLookup {
  return { outcome, value: decodeValue(entry.answer), similarity, ticket: null, saved: entry.cost };
}

function digestOf(value: Json, bytes: Buffer): Buffer {
  if (typeof value === 'string') return Buffer.from(answerIdOf({ text: value, calls: [] }), 'base64url');
  return hash('sha256', bytes, 'buffer').subarray(0, 16);
}
