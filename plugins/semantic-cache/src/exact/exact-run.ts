import { DatabaseUnavailable } from '@parsimony/contract';
import type { Decision, PicoDollars, ReplyEnd, ReplyEvent, ReplyStart } from '@parsimony/contract';
import type { Entry } from '../entries/index.js';
import { reasonOf } from '../faults/reason-of.js';
import type { Boarded, Flight, FlightReader } from '../flight/index.js';
import { replay, ReplyRecorder } from '../replay/index.js';
import type { ExactParts, ExactRequest, ExactRules } from './exact-parts.js';
import { answers, entryFor } from './kept-entry.js';
import { concernsAll } from './own-refusal.js';
import { leaderDecision, sharedDecision, shareOf } from './shared-cost.js';

/** One call on its way through the exact cache: answered from it, or by a flight under way, or by one that it begins. */
export class ExactRun {
  constructor(
    private readonly parts: ExactParts,
    private readonly rules: ExactRules,
    private readonly request: ExactRequest,
  ) {}

  async *reply(): AsyncGenerator<ReplyEvent> {
    const { call, next, scope } = this.request;
    const entry = this.#recalled() ?? (await this.#found());
    if (entry) {
      yield* this.#replayed(entry);
      return;
    }
    const joined = this.#join();
    const { flight, reader } = joined ?? this.#begin();
    let begun = false;
    let savedInside = 0n;
    try {
      for (;;) {
        const event = reader.take() ?? (await scope.waitFor(reader.wait()));
        if (!event) return;
        if (joined && event.type === 'start' && event.maxTokens !== undefined) break;
        begun = true;
        if (event.type === 'end') yield* joined ? this.#shared(event, flight, savedInside) : this.#ended(event, flight);
        else if (!joined) yield event;
        else if (event.type === 'start') yield sharedStart(event);
        // What layers decided on the first caller's call is not this one's.
        else if (event.type === 'decision') savedInside += event.saved ?? 0n;
        else yield event;
      }
    } catch (error) {
      if (!joined || begun || call.signal.aborted || concernsAll(error)) throw error;
    } finally {
      await this.#leave(reader);
    }
    // What befell the first caller (its budget, its deadline) is not this one's.
    yield* next(call);
  }

  /** Waits until the provider call has ended, where this was its last caller. */
  async #leave(reader: FlightReader): Promise<void> {
    const { call, scope } = this.request;
    try {
      await scope.waitFor(reader.leave());
    } catch (error) {
      // The host waits no longer for a caller who has gone; what leaves goes on without it.
      if (!call.signal.aborted) throw error;
    }
  }

  #recalled(): Entry | undefined {
    const { call, id } = this.request;
    if (!this.rules.exact || call.cache === 'refresh') return undefined;
    return this.#usable(this.parts.entries.recall(call.caller.tenantId, id));
  }

  /** Looks in PostgreSQL, unless an equal call is under way: that one has looked already. */
  async #found(): Promise<Entry | undefined> {
    const { call, id } = this.request;
    if (!this.rules.exact || call.cache === 'refresh') return undefined;
    if (this.rules.singleFlight && this.parts.flights.has(id)) return undefined;
    try {
      return this.#usable(await this.parts.entries.find(call.caller.tenantId, id));
    } catch (error) {
      // An error of the contract would reach the caller, who did not ask for a cache.
      if (error instanceof DatabaseUnavailable) return undefined;
      throw error;
    }
  }

  #usable(entry: Entry | undefined): Entry | undefined {
    return entry && answers(entry, this.request, this.rules) ? entry : undefined;
  }

  #replayed(entry: Entry): readonly ReplyEvent[] {
    const { call } = this.request;
    const target = entry.target ?? call.target;
    const saved = this.parts.models.costOf(call, target, entry.usage);
    this.parts.entries.served(entry);
    return replay({ entry, target, cache: 'exact', decision: hitDecision(entry), saved });
  }

  #join(): Boarded | undefined {
    const { call, id } = this.request;
    if (!this.rules.singleFlight || call.cache === 'refresh') return undefined;
    return this.parts.flights.join(id, call.signal);
  }

  #begin(): Boarded {
    const { call, id, scope } = this.request;
    const askedAt = Date.now();
    const recorder = new ReplyRecorder();
    return this.parts.flights.begin(id, call, {
      detached: (flying) => scope.detached(flying),
      shared: this.rules.singleFlight,
      came: (event) => this.#record(recorder, event, askedAt),
    });
  }

  /** @returns whether there can still be a recording. */
  #record(recorder: ReplyRecorder, event: ReplyEvent, askedAt: number): boolean {
    try {
      const recorded = recorder.add(event);
      if (recorded && this.rules.exact) {
        const entry = entryFor(this.request, recorded, askedAt, this.rules.ttlMs);
        this.parts.entries.keep(entry, this.rules.limits);
      }
      return !recorder.givenUp;
    } catch (error) {
      // Thrown from here it would end the flight, and all its callers would lose an answer that is paid for.
      this.parts.log.error('an answer could not be kept', { reason: reasonOf(error) });
      return false;
    }
  }

  #ended(end: ReplyEnd, flight: Flight): readonly ReplyEvent[] {
    const share = this.#shareOf(end, flight, true);
    if (share === undefined) return [end];
    return [{ type: 'decision', decision: leaderDecision(flight.joined, share) }, end];
  }

  #shared(end: ReplyEnd, flight: Flight, savedInside: PicoDollars): readonly ReplyEvent[] {
    const saved = end.cost + end.saved + savedInside;
    const decision = sharedDecision(flight.leaderId, this.#shareOf(end, flight, false));
    return [
      { type: 'decision', decision, saved },
      { ...end, cost: 0n, saved: 0n },
    ];
  }

  #shareOf({ cost }: ReplyEnd, { joined }: Flight, isFirst: boolean): PicoDollars | undefined {
    return this.rules.splitCost === 'equal' && joined > 1 ? shareOf(cost, joined, isFirst) : undefined;
  }
}

/** A caller who shares an answer gets it without a call of its own, as from the cache. */
function sharedStart(start: ReplyStart): ReplyStart {
  return start.cache === 'semantic' ? start : { ...start, cache: 'exact' };
}

function hitDecision({ id, createdAt }: Entry): Decision {
  const ageSeconds = Math.round((Date.now() - createdAt) / 1_000);
  const summary = 'answered from the cache: an equal call';
  return { plugin: 'semantic-cache', summary, detail: { cause: 'exact', entry: id, ageSeconds } };
}
