import type { CallContext, JsonObject } from '@parsimony/contract';
import type { Configuration } from '../configuration.js';
import type { Entry, EntryLimits, EntryStore } from '../entries/index.js';
import type { SharedLearning } from '../learning/index.js';
import { ENGLISH_LIKE, type Language } from '../questions/index.js';
import { signatureOf, type Decision, type Neighbour, type Signature } from '../verification/index.js';
import { holdsUntil } from './expiry.js';
import type { Neighbourhood, Place } from './neighbourhood.js';

/** Without any audit nothing would show that the world has changed; half of all hits teach as fast as may be. */
const LEAST_AUDITS = 0.001;
const MOST_AUDITS = 0.5;

/** A question as the index knows it. */
export interface Enquiry {
  /** What answers of its like are verified with, such as `chat`. */
  readonly kind: string;
  readonly scope: string;
  readonly text: string;
}

/** How a tenant wants its answers verified, and for how long. */
export type Rules = Pick<Configuration, 'maxErrorRate' | 'auditShare' | 'ttlHours'>;

/** What the index found. */
export interface Finding {
  readonly vector: Float32Array;
  readonly signature: Signature;
  readonly decision: Decision;
  /** The entry of the neighbour that the decision is about. */
  readonly entry: Entry | undefined;
  /** Cosine similarity to it. */
  readonly similarity: number | undefined;
}

/** Finds answers to questions that mean the same, among those of one embedder. */
export class SemanticIndex {
  constructor(
    readonly neighbourhood: Neighbourhood,
    private readonly entries: EntryStore,
    private readonly learning: SharedLearning,
    private readonly random: () => number,
  ) {}

  /** To an embedder that reads English only, all questions of another script look alike. */
  understands(language: Language): boolean {
    return this.neighbourhood.embedder.multilingual || language === ENGLISH_LIKE;
  }

  /**
   * Decides whether a neighbour's answer may be served, and counts that it was asked.
   *
   * @throws DatabaseUnavailable, EmbedderUnavailable, VectorsUnavailable, the reason of the context's signal.
   */
  async ask(context: CallContext, { kind, scope, text }: Enquiry, rules: Rules): Promise<Finding> {
    const { tenantId } = context.caller;
    const [verifiers, place] = await Promise.all([
      this.learning.of(tenantId),
      this.neighbourhood.place(context, scope, text),
    ]);
    const found = await this.#entriesOf(tenantId, scope, place, rules);
    context.signal.throwIfAborted();
    const signature = signatureOf(text);
    const neighbours = found
      .map(({ entry, similarity }) => neighbourOf(entry, similarity))
      .filter(({ signature: other }) => other.version === signature.version);
    const auditRate = Math.min(MOST_AUDITS, Math.max(LEAST_AUDITS, rules.auditShare));
    const decision = verifiers.of(kind).decide(signature, neighbours, rules.maxErrorRate, this.random, auditRate);
    const chosen = found.find(({ entry }) => entry.id === decision.neighbour?.entry);
    return { vector: place.vector, signature, decision, entry: chosen?.entry, similarity: chosen?.similarity };
  }

  /**
   * Keeps an answer where the next question of its like will find it.
   *
   * @throws DatabaseUnavailable, VectorsUnavailable
   */
  async keep(entry: Entry & { readonly scope: string }, vector: Float32Array, limits: EntryLimits): Promise<void> {
    // First the row: who finds a point without a row takes it for a point of an entry that was given up.
    await this.entries.keepNow(entry, limits);
    const { tenantId, id, scope, createdAt, expiresAt } = entry;
    await this.neighbourhood.add(tenantId, { id, vector, scope, createdAt, expiresAt });
  }

  /**
   * The entries of the places found. That they are the tenant's and of the scope is checked once more, whatever the store; and
   * that they still hold, since the tenant may have shortened the time.
   */
  async #entriesOf(tenantId: string, scope: string, { matches }: Place, rules: Rules): Promise<readonly Found[]> {
    const now = Date.now();
    const entries = await Promise.all(matches.map(({ id }) => this.entries.find(tenantId, id)));
    const found: Found[] = [];
    const gone: string[] = [];
    for (const [index, { id, similarity }] of matches.entries()) {
      const entry = entries[index];
      if (!entry) gone.push(id);
      else if (entry.tenantId === tenantId && entry.scope === scope && holdsUntil(entry, rules) > now) {
        found.push({ entry, similarity });
      }
    }
    if (gone.length > 0) void this.neighbourhood.forget(tenantId, gone).catch(() => undefined);
    return found;
  }
}

interface Found {
  readonly entry: Entry;
  readonly similarity: number;
}

function neighbourOf(entry: Entry, similarity: number): Neighbour {
  const signature = (entry.signature ?? {}) as unknown as Signature;
  const answer = entry.answerDigest ? Buffer.from(entry.answerDigest).toString('base64url') : entry.id;
  return { entry: entry.id, answer, similarity, signature };
}

/** A signature as an entry keeps it. */
export function storedSignature(signature: Signature): JsonObject {
  return { ...signature };
}
