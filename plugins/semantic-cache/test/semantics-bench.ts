import type {
  CacheQuality,
  Call,
  CallContext,
  ChatCall,
  Layer,
  ModelTarget,
  Models,
  PicoDollars,
  ReplyEvent,
  Usage,
} from '@parsimony/contract';
import { startPluginDatabase, type PluginTestDatabase } from '@parsimony/persistence/testing';
import { aCall, aDelta, aHost, anAnswer, anEnd, aReply, aScope, aStart, collect, FakeEgress } from '@parsimony/testkit';
import { configuration } from '../src/configuration.js';
import { PostgresEntryStore } from '../src/entries/index.js';
import { LEARNING_MIGRATION } from '../src/learning/index.js';
import { migrations } from '../src/migrations.js';
import { Semantics } from '../src/semantic/semantics.js';
import { HashingEmbedder } from './hashing-embedder.js';
import { MemoryVectors } from './memory-vectors.js';

/** What the provider of these specs answers; what is not listed gets an answer of its own. */
export type Answers = (question: string) => string;

/** What the models of these specs cost. */
class ModelsOfSpecs implements Models {
  async ask(): Promise<never> {
    throw new Error('no model is asked in these specs');
  }

  costOf(_context: CallContext, _target: ModelTarget, { input, output }: Usage): PicoDollars {
    return BigInt(input + output) * 1_000_000n;
  }
}

export function startDatabase(): Promise<PluginTestDatabase> {
  const tables = migrations.some(({ name }) => name === LEARNING_MIGRATION.name)
    ? migrations
    : [...migrations, LEARNING_MIGRATION];
  return startPluginDatabase({ name: 'semantic-cache', migrations: tables });
}

/** All that answers by meaning, as one gateway has it, on a real database. */
export class SemanticsBench implements AsyncDisposable {
  readonly embedder: HashingEmbedder;
  readonly vectors: MemoryVectors;
  readonly entries: PostgresEntryStore;
  readonly semantics: Semantics;
  readonly egress: FakeEgress;
  /** By part; null when it is well again. */
  readonly health: [part: string, fault: string | null][] = [];
  /** Draws audits where it is low. */
  random = 0.999;

  constructor(
    database: PluginTestDatabase,
    readonly answers: Answers,
    { embedder = new HashingEmbedder(), vectors = new MemoryVectors(), lookUpMs = 5_000 } = {},
  ) {
    this.embedder = embedder;
    this.vectors = vectors;
    const capabilities = {
      database: database.another(),
      embeddings: { embedder: (name: string) => (name === 'bundled' ? embedder : undefined) },
      models: new ModelsOfSpecs(),
      vectors,
    };
    const host = {
      ...aHost(capabilities),
      reportHealth: (part: string, fault: string | null) => this.health.push([part, fault]),
    };
    this.entries = new PostgresEntryStore(host, { lookUpMs: 5_000 });
    this.semantics = new Semantics({ host, entries: this.entries, random: () => this.random, lookUpMs });
    this.egress = new FakeEgress((call) => aReply(answerTo(call, this.answers(questionIn(call)))));
  }

  layer(config: object = {}): Layer {
    return this.semantics.layer(configuration.parse(config));
  }

  results(config: object = {}): ReturnType<Semantics['results']> {
    return this.semantics.results(configuration.parse(config));
  }

  ask(layer: Layer, call: Call): Promise<ReplyEvent[]> {
    return collect(layer(call, this.egress.next, aScope(this.egress.next)));
  }

  /** Waits until everything that has passed is learnt. */
  settled(): Promise<void> {
    return this.semantics.settle();
  }

  quality(tenantId: string, config: object = {}): Promise<readonly CacheQuality[]> {
    return this.semantics.quality(configuration.parse(config), tenantId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.semantics[Symbol.asyncDispose]();
    await this.entries[Symbol.asyncDispose]();
  }
}

export function asking(question: string, tenantId: string, changes: Partial<ChatCall> = {}): ChatCall {
  const call = aCall(changes);
  const messages = [{ role: 'user', content: question }];
  return {
    ...call,
    caller: { ...call.caller, tenantId },
    body: { ...call.body, stream: call.stream, messages },
    receivedAt: Date.now(),
  };
}

export function textOf(events: readonly ReplyEvent[]): string {
  return events
    .flatMap((event) => (event.type === 'delta' ? event.chunks : event.type === 'answer' ? [event.body] : []))
    .flatMap(({ choices }) => choices as unknown as { delta?: { content: string }; message?: { content: string } }[])
    .map(({ delta, message }) => (delta ?? message)?.content ?? '')
    .join('');
}

export function outcomeOf(events: readonly ReplyEvent[]): string | undefined {
  const start = events.find((event) => event.type === 'start');
  return start?.cache;
}

function answerTo(call: Call, text: string): readonly ReplyEvent[] {
  const half = Math.ceil(text.length / 2);
  const content = call.stream
    ? [aDelta(call, text.slice(0, half)), aDelta(call, text.slice(half))]
    : [anAnswer(call, text)];
  return [aStart(call), ...content, anEnd()];
}

function questionIn(call: Call): string {
  if (call.operation !== 'chat.completions') return '';
  const content = call.body.messages.at(-1)?.content;
  return typeof content === 'string' ? content : '';
}
