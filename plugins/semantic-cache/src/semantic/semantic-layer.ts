import { isParsimonyError, recordDecision } from '@parsimony/contract';
import type { Decision, GenerationCall, JsonObject, Layer, Models, Next, ReplyEvent } from '@parsimony/contract';
import { cacheability } from '../cacheability/index.js';
import { labelComparer, withCalls } from '../comparison/index.js';
import type { Configuration } from '../configuration.js';
import type { Entry, EntryStore } from '../entries/index.js';
import type { QualityCounters } from '../learning/index.js';
import { questionOf } from '../questions/index.js';
import { replay, ReplyRecorder } from '../replay/index.js';
import { classifier } from './classification.js';
import type { Apprentice, Inquiry } from './apprentice.js';
import { CHAT, CLASSIFICATION } from './kinds.js';
import type { Finding, SemanticIndex } from './semantic-index.js';
import { LookupTooSlow, within } from './within.js';

/** What the layer works with. */
export interface SemanticParts {
  readonly index: SemanticIndex;
  readonly entries: EntryStore;
  readonly models: Models;
  readonly quality: QualityCounters;
  readonly apprentice: Apprentice;
  /** How long a call may wait for the semantic cache, in all, in milliseconds. */
  readonly lookUpMs: number;
}

/** Answers calls that mean what another call has meant, as far as that has proved right often enough. */
export function semanticLayer(parts: SemanticParts, config: Configuration): Layer {
  const whyNot = cacheability(config);
  const labelsOf = classifier(config.classifications);
  return (call, next) => {
    if (whyNot(call)) return next(call);
    const question = questionOf(call, config.scope);
    if (typeof question === 'string' || !parts.index.understands(question.language)) return next(call);
    const asked = call as GenerationCall;
    const labels = labelsOf(asked);
    const inquiry: Inquiry = {
      call: asked,
      config,
      labels,
      enquiry: { kind: labels ? CLASSIFICATION : CHAT, scope: question.scope, text: question.text },
      comparer: labels ? withCalls(labelComparer(labels)) : undefined,
    };
    return new SemanticRun(parts, inquiry, next).reply();
  };
}

/** One call on its way through the layer. */
class SemanticRun {
  constructor(
    private readonly parts: SemanticParts,
    private readonly inquiry: Inquiry,
    private readonly next: Next,
  ) {}

  async *reply(): AsyncGenerator<ReplyEvent> {
    const { call } = this.inquiry;
    if (call.cache === 'refresh') {
      yield* this.#asked(call, undefined, false);
      return;
    }
    const finding = await this.#lookUp();
    if (typeof finding === 'string') {
      yield* this.#asked(recordDecision(call, bypassed(finding)), undefined, true);
      return;
    }
    const { action } = finding.decision;
    const kept = action === 'exploit' && finding.entry ? this.#served(finding.entry, finding) : undefined;
    if (kept) {
      yield* kept;
      return;
    }
    yield* this.#asked(finding.entry ? recordDecision(call, askedAfresh(finding)) : call, finding, false);
  }

  /** @returns why the cache is passed by, where it cannot be asked. */
  async #lookUp(): Promise<Finding | string> {
    const { index, lookUpMs, quality } = this.parts;
    const { call, config, enquiry } = this.inquiry;
    try {
      const finding = await within(lookUpMs, call.signal, (signal) => index.ask({ ...call, signal }, enquiry, config));
      const learns = finding.decision.action === 'explore' && finding.entry !== undefined;
      quality.add(call.caller.tenantId, enquiry.kind, { lookups: 1, explorations: learns ? 1 : 0 });
      return finding;
    } catch (error) {
      call.signal.throwIfAborted();
      if (error instanceof LookupTooSlow) return 'too-slow';
      // An error of the contract would reach the caller, who did not ask for a cache.
      if (isParsimonyError(error)) return error.code;
      throw error;
    }
  }

  /** @returns undefined where nobody knows any more who gave the answer. */
  #served(entry: Entry, finding: Finding): readonly ReplyEvent[] | undefined {
    const { entries, models, quality } = this.parts;
    const { call, enquiry, labels } = this.inquiry;
    const { target, usage } = entry;
    if (!target) return undefined;
    entries.served(entry);
    quality.add(call.caller.tenantId, enquiry.kind, { hits: 1 });
    const decision = hit(finding, entry, labels ? 'intermediate' : 'semantic');
    return replay({ entry, target, cache: 'semantic', decision, saved: models.costOf(call, target, usage) });
  }

  async *#asked(call: GenerationCall, finding: Finding | undefined, isBypass: boolean): AsyncGenerator<ReplyEvent> {
    const recorder = new ReplyRecorder();
    for await (const event of this.next(call)) {
      const recorded = recorder.add(event);
      if (recorded) this.parts.apprentice.learn(this.inquiry, finding, recorded);
      yield isBypass && event.type === 'start' && event.cache === 'miss' ? { ...event, cache: 'bypass' } : event;
    }
  }
}

const PLUGIN = 'semantic-cache';

function hit(finding: Finding, entry: Entry, cause: 'semantic' | 'intermediate'): Decision {
  const ageSeconds = Math.round((Date.now() - entry.createdAt) / 1_000);
  const summary = 'answered from the cache: a question that means the same';
  return { plugin: PLUGIN, summary, detail: { cause, ...facts(finding), ageSeconds } };
}

function askedAfresh(finding: Finding): Decision {
  const { action } = finding.decision;
  const why =
    action === 'audit' ? 'to measure how often the cache is wrong' : 'to learn whether a near answer would do';
  return { plugin: PLUGIN, summary: `asked afresh ${why}`, detail: { action, ...facts(finding) } };
}

function bypassed(reason: string): Decision {
  return { plugin: PLUGIN, summary: 'passed by the semantic cache, which could not be asked', detail: { reason } };
}

function facts({ decision, entry, similarity }: Finding): JsonObject {
  return {
    similarity: rounded(similarity ?? 0),
    probability: rounded(decision.probability),
    ...(entry && { entry: entry.id }),
  };
}

function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
