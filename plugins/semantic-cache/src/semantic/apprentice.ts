import { hash } from 'node:crypto';
import type { CallContext, GenerationCall } from '@parsimony/contract';
import { answerIdOf, contentOf, type AnswerContent, type Comparer, type Verdict } from '../comparison/index.js';
import type { Configuration } from '../configuration.js';
import { promptOf, type Entry } from '../entries/index.js';
import { idOfKey } from '../keys/index.js';
import type { BackgroundQueue, SharedLearning } from '../learning/index.js';
import { decodeAnswer, type RecordedReply } from '../replay/index.js';
import { signatureOf } from '../verification/index.js';
import { expiryOf } from './expiry.js';
import { storedSignature, type Enquiry, type Finding, type SemanticIndex } from './semantic-index.js';

/** How long learning from one answer may take, a judge's thinking included. */
const LEARNING_MS = 30_000;

/** A call's question, and how its answers are to be treated. */
export interface Inquiry {
  readonly call: GenerationCall;
  readonly config: Configuration;
  readonly enquiry: Enquiry;
  /** Of a call that classifies; undefined for others. */
  readonly labels: readonly string[] | undefined;
  /** In place of the tenant's comparer. */
  readonly comparer: Comparer | undefined;
}

/** Learns from fresh answers behind their callers' backs: holds them against kept ones, and keeps them. */
export class Apprentice {
  constructor(
    private readonly index: SemanticIndex,
    private readonly learning: SharedLearning,
    private readonly queue: BackgroundQueue,
    private readonly comparer: Comparer,
  ) {}

  /** @param finding what the look-up found; undefined where there was none. Returns at once. */
  learn(inquiry: Inquiry, finding: Finding | undefined, recorded: RecordedReply): void {
    this.queue.push(() => this.#learn(inquiry, finding, recorded), recorded.answer.byteLength);
  }

  async #learn(inquiry: Inquiry, finding: Finding | undefined, recorded: RecordedReply): Promise<void> {
    const { call, config, enquiry, labels } = inquiry;
    const context = behind(call);
    const content = contentOf(call.operation, decodeAnswer(recorded.answer));
    if (content.text === '' && content.calls.length === 0) return;
    const verdict = await this.#verdict(inquiry, finding, content, context);
    // Where a comparer found two answers to mean the same, neighbours' votes must see one answer.
    const same = verdict ? finding?.entry?.answerDigest : null;
    const entry = entryOf(inquiry, recorded, same ?? Buffer.from(answerIdOf(content, labels), 'base64url'));
    const vector = finding?.vector ?? (await this.index.neighbourhood.vectorOf(context, enquiry.text));
    await this.index.keep(entry, vector, config);
    if (verdict !== undefined && finding) this.#share(inquiry, finding, entry.id, verdict);
  }

  async #verdict(
    { call, comparer = this.comparer, enquiry }: Inquiry,
    finding: Finding | undefined,
    fresh: AnswerContent,
    context: CallContext,
  ): Promise<Verdict> {
    if (!finding?.entry || !finding.decision.pending) return undefined;
    const kept = contentOf(call.operation, decodeAnswer(finding.entry.answer));
    return comparer({ question: enquiry.text, kept, fresh }, context);
  }

  #share({ call, enquiry }: Inquiry, { decision }: Finding, askedEntryId: string, right: boolean): void {
    const { tenantId } = call.caller;
    const { pending } = decision;
    if (!pending) return;
    this.learning.learn(tenantId, { kind: enquiry.kind, observation: { ...pending, right }, askedEntryId });
    if (pending.audit) this.learning.quality.add(tenantId, enquiry.kind, { audits: 1, falseHits: right ? 0 : 1 });
  }
}

/** On behalf of a call whose caller may have left: with a time of its own. */
export function behind<Context extends CallContext>(context: Context): Context {
  return { ...context, signal: AbortSignal.timeout(LEARNING_MS), deadlineAt: Date.now() + LEARNING_MS };
}

/** A newer answer to the same question takes the older one's place. */
function entryOf(
  { call: { body, caller, receivedAt }, config, enquiry: { scope, text } }: Inquiry,
  { answer, cost, target, usage }: RecordedReply,
  answerDigest: Uint8Array,
): Entry & { readonly scope: string } {
  return {
    tenantId: caller.tenantId,
    id: idOfKey(hash('sha256', `${scope}\n${text}`, 'buffer')),
    kind: 'semantic',
    key: null,
    scope,
    namespace: null,
    question: text,
    prompt: promptOf([
      body['system'] ?? null,
      body['instructions'] ?? null,
      body['messages'] ?? null,
      body['input'] ?? null,
    ]),
    signature: storedSignature(signatureOf(text)),
    answer,
    answerDigest,
    target,
    usage,
    cost,
    createdAt: receivedAt,
    expiresAt: expiryOf(receivedAt, config),
  };
}
