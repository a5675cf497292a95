import { CallCancelled } from '@parsimony/contract';
import type { Call, Reply, ReplyEvent } from '@parsimony/contract';
import type { KeyedCall } from '../keys/index.js';
import { Flight } from './flight.js';
import type { FlightReader } from './flight-reader.js';

/** How a flight begins, and what is done with it on its way. */
export interface TakeOff {
  readonly detached: (call: Call) => Reply;
  /** Whether equal calls may join. */
  readonly shared: boolean;
  /**
   * Hears each event once, before any caller has it.
   *
   * @returns whether those who join later can still have all events.
   */
  readonly came: (event: ReplyEvent) => boolean;
}

/** The flights under way in this process, by the key of their calls. Who asks another process makes a call of its own. */
export class Flights {
  readonly #underWay = new Map<string, Flight>();

  get size(): number {
    return this.#underWay.size;
  }

  has(key: string): boolean {
    return this.#underWay.has(key);
  }

  /** Joins a flight under way. @returns undefined where there is none. */
  join(key: string, signal: AbortSignal): Boarded | undefined {
    const flight = this.#underWay.get(key);
    const reader = flight?.join(signal);
    return flight && reader && { flight, reader };
  }

  /** Begins a flight for a call, which is its first. The provider hears of it when its reader first waits. */
  begin(key: string, call: KeyedCall, { detached, shared, came }: TakeOff): Boarded {
    const abort = new AbortController();
    const land = (): void => {
      if (this.#underWay.get(key) === flight) this.#underWay.delete(key);
    };
    const flight: Flight = new Flight(call.id, detached({ ...call, signal: abort.signal }), abort, {
      came: (event) => {
        if (came(event) && event.type !== 'end') return;
        land();
        flight.close();
      },
      over: land,
    });
    const reader = flight.join(call.signal);
    if (!reader) throw new CallCancelled('a flight ended before it began');
    if (shared) this.#underWay.set(key, flight);
    else flight.close();
    return { flight, reader };
  }
}

/** A caller and the flight that it waits for. */
export interface Boarded {
  readonly flight: Flight;
  readonly reader: FlightReader;
}
