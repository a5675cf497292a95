import { Counter, Gauge, type Registry } from 'prom-client';

/** What the process knows of a provider, as its health tells of it. */
export interface ProviderSnapshot {
  readonly provider: string;
  readonly callsUnderWay: number;
  readonly callsWaiting: number;
  readonly callLimit: number;
  readonly models: readonly ModelSnapshot[];
}

export interface ModelSnapshot {
  readonly model: string;
  readonly circuit: string;
  /** Milliseconds since the Unix epoch. */
  readonly coolingUntil: number | null;
  /** By outcome, since the process began. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly retries: number;
  readonly fallbacks: number;
}

/** Names that callers make up must not become label values without end. */
const MODEL_LABELS = 500;
const CIRCUIT_STATES = ['closed', 'half-open', 'open'] as const;

/**
 * Metrics of providers' health, read when somebody scrapes. Numbers that only grow are shown as counters: they are set to
 * what the snapshot says.
 */
export function observeProviders(registry: Registry, read: () => readonly ProviderSnapshot[]): void {
  const registers = [registry];
  const gauge = (name: string, help: string, valueOf: (provider: ProviderSnapshot) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['provider'],
      registers,
      collect() {
        this.reset();
        for (const each of read()) this.set({ provider: each.provider }, valueOf(each));
      },
    });
  };
  gauge('parsimony_provider_calls_under_way', 'Calls that have a place at the provider', (each) => each.callsUnderWay);
  gauge('parsimony_provider_calls_waiting', 'Calls that wait for a place', (each) => each.callsWaiting);
  gauge('parsimony_provider_call_limit', 'Places that the provider has', (each) => each.callLimit);
  new Gauge({
    name: 'parsimony_provider_circuit_state',
    help: 'In how many processes the circuit of a model is in this state',
    labelNames: ['provider', 'model', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { provider, model } of models(read()))
        for (const state of CIRCUIT_STATES)
          this.set({ provider, model: model.model, state }, model.circuit === state ? 1 : 0);
    },
  });
  new Gauge({
    name: 'parsimony_provider_cooling_seconds',
    help: 'How long the provider still wants to be left alone',
    labelNames: ['provider', 'model'],
    registers,
    // Of several processes the one that waits longest counts, and not their sum.
    aggregator: 'max',
    collect() {
      this.reset();
      for (const { provider, model } of models(read())) {
        const leftMs = (model.coolingUntil ?? 0) - Date.now();
        this.set({ provider, model: model.model }, Math.max(leftMs, 0) / 1000);
      }
    },
  });
  new Counter({
    name: 'parsimony_provider_attempts_total',
    help: 'Provider calls by outcome; busy and unavailable were not made',
    labelNames: ['provider', 'model', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { provider, model } of models(read()))
        for (const [outcome, made] of Object.entries(model.attempts))
          if (made > 0) this.inc({ provider, model: model.model, outcome: snakeCase(outcome) }, made);
    },
  });
  new Counter({
    name: 'parsimony_provider_repeated_total',
    help: 'Provider calls that were made because an earlier one had failed',
    labelNames: ['provider', 'model', 'purpose'],
    registers,
    collect() {
      this.reset();
      for (const { provider, model } of models(read())) {
        this.inc({ provider, model: model.model, purpose: 'retry' }, model.retries);
        this.inc({ provider, model: model.model, purpose: 'fallback' }, model.fallbacks);
      }
    },
  });
}

function models(providers: readonly ProviderSnapshot[]): { provider: string; model: ModelSnapshot }[] {
  const all = providers.flatMap(({ provider, models: each }) => each.map((model) => ({ provider, model })));
  return all.slice(0, MODEL_LABELS);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
