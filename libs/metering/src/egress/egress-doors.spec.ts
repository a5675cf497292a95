import {
  BudgetExceeded,
  CallCancelled,
  formatUsd,
  JournalUnavailable,
  parseUsd,
  type Settlement,
} from '@parsimony/contract';
import { startSimulator, type Simulator } from '@parsimony/simulator';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aChat, EgressBench, type BenchOptions } from '../../test/egress-bench.js';
import { Ledger } from '../../test/ledger.js';
import { meterCall } from '../meter.js';
import type { Grant, ReservationDoor, ReservationRequest } from './reservation-door.js';

let ledger: Ledger;
let simulator: Simulator;
beforeAll(async () => {
  [ledger, simulator] = await Promise.all([Ledger.open(), startSimulator()]);
});
beforeEach(() => ledger.clear());
afterAll(async () => {
  await Promise.all([ledger[Symbol.asyncDispose](), simulator.close()]);
});

function open(options: Omit<BenchOptions, 'baseUrl'> = {}): Promise<EgressBench> {
  return EgressBench.open(ledger, { baseUrl: `${simulator.url}/v1`, ...options });
}

/** A door that keeps an account of what passes. */
class Door implements ReservationDoor {
  readonly requests: ReservationRequest[] = [];
  readonly settled: [bigint, Settlement][] = [];

  /** @param cutTo output tokens that it lets pass. */
  constructor(
    private readonly limit = 10n ** 15n,
    private readonly cutTo?: number,
  ) {}

  reserve(request: ReservationRequest): Grant | Promise<Grant> {
    this.requests.push(request);
    if (request.worstCase > this.limit) throw new BudgetExceeded('the worst case does not fit');
    return {
      leases: '{7,8}',
      cut: this.cutTo === undefined ? undefined : request.cutTo(this.limit, this.cutTo),
      settle: (cost, settlement) => void this.settled.push([cost, settlement]),
    };
  }
}

/** A door at which calls wait until it is opened. */
class WaitingDoor extends Door {
  readonly #opened = Promise.withResolvers<void>();
  readonly #asked = Promise.withResolvers<void>();

  /** Somebody waits. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  open(): void {
    this.#opened.resolve();
  }

  override async reserve(request: ReservationRequest): Promise<Grant> {
    this.#asked.resolve();
    await this.#opened.promise;
    return super.reserve(request);
  }
}

describe('the door to money', () => {
  it('is asked for the worst case, and given back what was not spent, once', async () => {
    const door = new Door();
    await using bench = await open({ egress: { door } });
    const { events } = await bench.run(aChat(true, { max_tokens: 100 }));
    const end = events.at(-1);
    if (end?.type !== 'end') throw new Error('the answer has no end');
    expect(door.settled).toEqual([[end.cost, 'exact']]);
    expect(door.requests).toHaveLength(1);
    const worst = door.requests[0]?.worstCase ?? 0n;
    // At least 100 tokens of output at $1.60 per million.
    expect(worst).toBeGreaterThan(160_000_000n);
    expect(end.cost).toBeLessThan(worst);
  });

  it('names the leases that a provider call is charged to, in the ledger', async () => {
    await using bench = await open({ egress: { door: new Door() } });
    await bench.run(aChat(true));
    expect(await bench.rows()).toMatchObject([{ leases: ['7', '8'], settlement: 'exact' }]);
  });

  it('may keep a call waiting, which goes on when it opens', async () => {
    const door = new WaitingDoor();
    await using bench = await open({ egress: { door } });
    const before = simulator.requests(1000).length;
    const answered = bench.run(aChat(true));
    await door.asked;
    expect(simulator.requests(1000)).toHaveLength(before);
    expect(bench.journal.openReservations).toBe(0);
    door.open();
    const { events } = await answered;
    expect(events.at(-1)).toMatchObject({ type: 'end', settlement: 'exact' });
    expect(door.settled).toHaveLength(1);
  });

  it('has all back of a call whose caller left while it waited', async () => {
    const door = new WaitingDoor();
    await using bench = await open({ egress: { door } });
    const before = simulator.requests(1000).length;
    const abort = new AbortController();
    const answered = bench.run(aChat(true, {}, { signal: abort.signal }));
    await door.asked;
    const reason = new CallCancelled('the caller has left');
    abort.abort(reason);
    door.open();
    expect(await answered).toEqual({ events: [], error: reason });
    expect(door.settled).toEqual([[0n, 'exact']]);
    expect(simulator.requests(1000)).toHaveLength(before);
    expect(await bench.rows()).toMatchObject([{ rung_status: 'cancelled', settlement: 'exact', cost: formatUsd(0n) }]);
  });

  it('refuses before the provider hears anything, and before a reservation is written', async () => {
    await using bench = await open({ egress: { door: new Door(0n) } });
    const before = simulator.requests(1000).length;
    const { error, events } = await bench.run(aChat(true));
    expect(error).toBeInstanceOf(BudgetExceeded);
    expect(events).toEqual([]);
    expect(simulator.requests(1000)).toHaveLength(before);
    expect(bench.journal.openReservations).toBe(0);
    expect(await bench.rows()).toMatchObject([{ provider: null, closes: true, settlement: null }]);
  });

  it.each(['cut', 'server_error', 'reset'] as const)('hears of the end also after %s', async (fault) => {
    const door = new Door();
    await using bench = await open({ egress: { door } });
    await bench.run(aChat(true, { metadata: { simulator_fault: fault } }));
    const [row] = await bench.rows();
    expect(door.settled).toHaveLength(1);
    expect(door.settled[0]?.[1]).toBe(row?.settlement);
  });

  it('lets nothing in that nobody pulls: a reply that is not read costs nothing', async () => {
    const door = new Door();
    await using bench = await open({ egress: { door } });
    const call = aChat(true);
    meterCall(call, bench.journal);
    bench.egress(call);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(door.requests).toEqual([]);
  });
});

describe('a call that the door cuts', () => {
  it.each([true, false])('goes out with the lower limit, and says so (streamed: %s)', async (stream) => {
    const door = new Door(10n ** 15n, 20);
    await using bench = await open({ egress: { door } });
    const note = 'Привет, мир';
    const call = aChat(stream, { max_tokens: 500, metadata: { note } });
    const { events } = await bench.run(call);
    expect(simulator.requests(1).at(-1)?.body).toMatchObject({ max_tokens: 20, metadata: { note } });
    expect(events[0]).toMatchObject({ type: 'start', maxTokens: 20 });
    expect(call.body).toMatchObject({ max_tokens: 500 });
    const [row] = await bench.rows();
    const whole = door.requests[0]?.worstCase ?? 0n;
    expect(parseUsd(row?.reserved ?? '')).toBeLessThan(whole);
    expect(parseUsd(row?.cost ?? '')).toBeLessThanOrEqual(parseUsd(row?.reserved ?? ''));
    expect(Number(row?.['output'])).toBeLessThanOrEqual(20);
    expect(row?.['decisions']).toEqual([
      { plugin: 'budgets', summary: expect.stringContaining('20 tokens'), detail: { max_tokens: 20 } },
    ]);
  });

  it('is asked for whole again where it is tried again', async () => {
    const door = new Door(10n ** 15n, 20);
    await using bench = await open({ egress: { door } });
    const call = aChat(true, { max_tokens: 500, metadata: { simulator_fault: 'server_error' } });
    await bench.run(call);
    await bench.run({ ...call, body: { ...call.body, metadata: null } });
    expect(door.requests.map(({ call: asked }) => asked.body)).toMatchObject([
      { max_tokens: 500 },
      { max_tokens: 500 },
    ]);
    expect(door.settled).toHaveLength(2);
  });
});

describe('the journal', () => {
  it('that cannot be written refuses the call before the provider hears anything', async () => {
    const door = new Door();
    await using bench = await open({ egress: { door } });
    for (const segment of bench.journal.segments) segment.close();
    const before = simulator.requests(1000).length;
    const { error } = await bench.run(aChat(true));
    expect(error).toBeInstanceOf(JournalUnavailable);
    expect(simulator.requests(1000)).toHaveLength(before);
    expect(door.settled).toEqual([[0n, 'exact']]);
  });
});

describe('a price that nobody knows', () => {
  it('is the ceiling, and the ledger says so', async () => {
    simulator.configure({ prices: { 'brand-new-model': { input: '1', cachedInput: '1', output: '1' } } });
    await using bench = await open();
    await bench.run(aChat(false, { model: 'brand-new-model' }));
    const [row] = await bench.rows();
    expect(row).toMatchObject({ price_source: 'ceiling', settlement: 'exact', model: 'brand-new-model' });
    expect(Number(row?.cost)).toBeGreaterThan(0);
  });
});

describe('a provider', () => {
  it('that is not there is an unknown model', async () => {
    await using bench = await open();
    const target = { provider: 'nobody', model: 'm', tier: null };
    const { error } = await bench.run(aChat(true, {}, { target }));
    expect(error).toMatchObject({ name: 'ModelNotFound', param: 'model' });
    expect(bench.journal.openReservations).toBe(0);
  });
});

describe('an answer without usage', () => {
  const ANSWER = 'Seven is a prime number, and so is eleven.';

  /** A provider that reports no usage, whatever it is asked. */
  async function startMute(): Promise<AsyncDisposable & { readonly url: string }> {
    const server = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const word of ANSWER.split(/(?= )/))
          response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: word } }] })}\n\n`);
        response.end('data: [DONE]\n\n');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      },
    };
  }

  it('costs at least what its text counts', async () => {
    await using mute = await startMute();
    await using bench = await EgressBench.open(ledger, { baseUrl: mute.url });
    const messages = [{ role: 'user', content: 'Hello' }];
    const { events } = await bench.run(aChat(true, { messages }));
    expect(events.at(-1)).toMatchObject({ type: 'end', settlement: 'at-least' });
    // 3 for the answer, 3 for the message, `user` 1, `Hello` 1; the answer has nine words, a comma and a full stop.
    expect(await bench.rows()).toMatchObject([{ settlement: 'at-least', rung_status: 'ok', input: 8, output: 11 }]);
  });

  it('is settled all the same where too much text waits to be counted', async () => {
    await using mute = await startMute();
    const door = new Door();
    await using bench = await EgressBench.open(ledger, {
      baseUrl: mute.url,
      egress: { door },
      tokens: { maxWaitingUnits: 1 },
    });
    const { events } = await bench.run(aChat(true));
    expect(events.at(-1)).toMatchObject({ type: 'end', settlement: 'unconfirmed', cost: 0n });
    expect(door.settled).toEqual([[0n, 'unconfirmed']]);
    expect(bench.journal.openReservations).toBe(0);
    expect(bench.drains.size).toBe(0);
    expect(await bench.rows()).toMatchObject([{ settlement: 'unconfirmed', rung_status: 'ok' }]);
  });
});
