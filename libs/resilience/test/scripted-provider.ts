import type { Call, Next, Reply } from '@parsimony/contract';
import { anAnswerTo, FakeEgress } from '@parsimony/testkit';
import { vi } from 'vitest';

/** What one attempt does. */
export interface ScriptedAttempt {
  /** How many of its events come before it fails; an answer in full where there is no error. */
  readonly events?: number;
  readonly error?: Error;
  /** Time that passes on the test's clock before its first event, in milliseconds. */
  readonly takesMs?: number;
}

/** An attempt as the provider saw it. */
export interface SeenAttempt {
  readonly call: Call;
  /** When it began; milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Providers that do as they are told, behind an egress that counts what it opened and closed. Needs `stopClock`. */
export class ScriptedProvider {
  readonly seen: SeenAttempt[] = [];
  readonly egress = new FakeEgress((call) => this.#answer(call));
  readonly next: Next = this.egress.next;

  constructor(private readonly script: (call: Call, index: number) => ScriptedAttempt) {}

  /** Where the attempts went, in order. */
  get route(): string[] {
    return this.seen.map(({ call: { target } }) => `${target.provider}/${target.model}`);
  }

  async *#answer(call: Call): Reply {
    const { events = 0, error, takesMs = 0 } = this.script(call, this.seen.length);
    this.seen.push({ call, at: Date.now() });
    passTime(takesMs);
    const answer = anAnswerTo(call);
    yield* error ? answer.slice(0, events) : answer;
    if (error) throw error;
  }
}

/** From now on time passes by `passTime` alone; timers still run. Undone by `vi.useRealTimers()`. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
}

export function passTime(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}
