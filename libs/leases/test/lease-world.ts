import type { Allowance } from '../src/allowance.js';
import { LeaseHolder } from '../src/lease-holder.js';
import type { Draft, Waiter } from '../src/lease-holder-types.js';
import { LEASE_TIMING } from '../src/lease-timing.js';
import type { Taken } from '../src/taken.js';
import type { ExchangeAnswer, ExchangeRequest } from '../src/wire.js';
import { LeaseStore, type StoredAccount } from './lease-store.js';
import { randomNumbers } from './random-numbers.js';

const EPOCH = Date.UTC(2026, 0, 1);
const TENANT = '00000000-0000-4000-8000-000000000000';
/** Processes forget past periods while the service still lends on them. */
const TIMING = { ...LEASE_TIMING, lingerMs: 20_000 };

/** One provider call as the journal of its process has it. */
interface Row {
  readonly leaseIds: readonly string[];
  readonly amount: bigint;
  readonly taken: Taken;
  spent: bigint;
  unconfirmed: bigint;
}

interface Process {
  readonly name: string;
  readonly holder: LeaseHolder;
  readonly allowances: readonly Allowance[];
  /** The rows of calls under way. */
  readonly open: Row[];
  /** By lease: what may have been spent, as the journal has it. */
  readonly told: Map<string, { spent: bigint; unconfirmed: bigint }>;
  readonly waiters: Waiter[];
  wallSkew: number;
  inFlight: Draft | undefined;
}

/** Something on its way; it may arrive late, twice or never. */
interface Message {
  readonly from: Process;
  readonly draft: Draft;
  /** Undefined: it is the request. */
  readonly answer: ExchangeAnswer | undefined;
}

/**
 * Gateways, the budgets service and a bad network between them, in a made-up time. Each step does one thing by chance;
 * `check` then holds all that is known against the limits. Its steps stand in one file, since each of them touches what all the
 * others do.
 */
export class LeaseWorld {
  readonly store: LeaseStore;
  /** How often each thing was done. */
  readonly counts: Record<string, number> = {};
  readonly #random: () => number;
  readonly #limitIds: readonly string[];
  readonly #dead: Process[] = [];
  readonly #lentBefore = new Map<StoredAccount, bigint>();
  readonly #processes: Process[] = [];
  #network: Message[] = [];
  #time = 0;
  #born = 0;
  #isDown = false;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
    this.store = new LeaseStore(() => EPOCH + this.#time, 60_000, 100_000);
    this.store.setLimit('total', 'pico-dollars', this.#amount(20_000));
    this.store.setLimit('period', 'pico-dollars', this.#amount(5000), 200_000);
    this.store.setLimit('minute', 'requests', this.#amount(3000), 60_000);
    this.#limitIds = [...this.store.limits.keys()];
    for (let index = 0; index < 3; index += 1) this.#beBorn();
  }

  step(): void {
    const chance = this.#random() * 100;
    if (chance < 24) this.#call();
    else if (chance < 46) this.#settle();
    else if (chance < 62) this.#send();
    else if (chance < 86) this.#deliver();
    else if (chance < 88) this.#loseMessage();
    else if (chance < 90) this.#timeOut();
    else if (chance < 95) this.#pass();
    else if (chance < 96) this.#giveUp();
    else if (chance < 96.4) this.#changeLimit();
    else if (chance < 96.8) this.#isDown = this.#count('restart', !this.#isDown);
    else if (chance < 97.2) this.#jump();
    else if (chance < 97.5) this.#crash();
    else if (chance < 97.8) this.#stop();
    else this.#recover();
  }

  /** @throws Error where anything has been spent, held or lent beyond what may be. */
  check(): void {
    for (const account of this.store.accounts.values()) {
      const lent = this.store.lent(account);
      const before = this.#lentBefore.get(account) ?? 0n;
      // A limit that was lowered takes nothing back; but nothing more is lent.
      if (lent > account.limit.amount && lent > before) throw new Error(`${lent} are lent of ${account.limit.amount}`);
      this.#lentBefore.set(account, lent);
      for (const { id, granted, spent, unconfirmed, held, closed } of account.leases.values()) {
        if (!closed && spent + held + unconfirmed > granted) throw new Error(`lease ${id}: used more than was granted`);
      }
    }
    for (const { holder, allowances, name } of this.#processes) {
      for (const allowance of allowances) {
        for (const lease of holder.limit(allowance.terms).leases) {
          const stored = this.store.leases.get(lease.id)?.lease;
          if (lease.free < 0n) throw new Error(`${name} spent and held more than its lease ${lease.id}`);
          if (lease.held < 0n) throw new Error(`${name} gave back more than it held of lease ${lease.id}`);
          if (stored === undefined || lease.granted > stored.granted) {
            throw new Error(`${name} has more of lease ${lease.id} than it was lent`);
          }
        }
      }
    }
    for (const process of this.#processes) this.#checkJournal(process);
    for (const process of this.#dead) this.#checkJournal(process);
    if (this.store.overdrafts > 0) throw new Error('somebody spent more than was lent to it');
  }

  /**
   * Everything works again, and nobody asks for anything but one process: it can have all that remains.
   *
   * @throws Error where it cannot: something was lost that nobody uses.
   */
  drain(): void {
    this.#isDown = false;
    this.#network = [];
    while (this.#dead.length > 0) this.#recover();
    for (const process of this.#processes) {
      process.wallSkew = 0;
      if (process.inFlight !== undefined) process.holder.lost(process.inFlight);
      process.inFlight = undefined;
      while (process.waiters.length > 0) process.holder.leave(process.waiters.pop() as Waiter);
      while (process.open.length > 0) this.#settleOne(process);
    }
    this.#quietRounds(3, 1000);
    const remaining = this.#remaining('total');
    const process = this.#processes[0];
    const allowance = process?.allowances.find(({ terms }) => terms.budgetId === 'total');
    if (remaining <= 0n || process === undefined || allowance === undefined) return;
    let outcome = 'still waits';
    const waiter: Waiter = {
      allowances: [allowance],
      at: EPOCH + this.#time,
      amount: remaining,
      resolve: () => (outcome = 'taken'),
      reject: ({ reason }) => (outcome = reason),
    };
    process.holder.join(waiter);
    this.#quietRounds(60, 100);
    if (outcome !== 'taken') throw new Error(`${remaining} remain, but nobody can take them: ${outcome}`);
    this.#count('drained');
  }

  #quietRounds(rounds: number, everyMs: number): void {
    for (let round = 0; round < rounds; round += 1) {
      this.#time += everyMs;
      for (const { holder } of this.#processes) {
        const draft = holder.dueIn() === 0 ? holder.draft() : undefined;
        if (draft !== undefined) holder.heed(draft, this.store.exchange(draft.request));
      }
    }
  }

  #remaining(budgetId: string): bigint {
    let remaining = this.store.limits.get(budgetId)?.amount ?? 0n;
    for (const { lease, account } of this.store.leases.values()) {
      if (account.limit.budgetId === budgetId) remaining -= lease.spent + lease.unconfirmed;
    }
    return remaining;
  }

  /** What the calls cost, as far as it will ever be known, is covered by what was lent. */
  #checkJournal({ told, open, name }: Process): void {
    const owed = new Map<string, bigint>();
    for (const { leaseIds, amount } of open) {
      for (const id of leaseIds) owed.set(id, (owed.get(id) ?? 0n) + amount);
    }
    for (const [id, { spent, unconfirmed }] of told) owed.set(id, (owed.get(id) ?? 0n) + spent + unconfirmed);
    for (const [id, amount] of owed) {
      const granted = this.store.leases.get(id)?.lease.granted ?? 0n;
      if (amount > granted) throw new Error(`${name} may owe ${amount} of lease ${id} that was granted ${granted}`);
    }
  }

  #call(): void {
    const process = this.#pick(this.#processes);
    if (process === undefined) return;
    const allowances = process.allowances.filter(() => this.#random() < 0.7);
    const amount = this.#amount(this.#random() < 0.9 ? 60 : 900);
    const at = EPOCH + this.#time + process.wallSkew - (this.#random() < 0.1 ? this.#below(200_000) : 0);
    const taken = process.holder.tryTake(allowances, at, amount);
    if (taken !== undefined) {
      this.#record(process, allowances.length, amount, taken);
      return;
    }
    const waiter: Waiter = {
      allowances,
      at,
      amount,
      resolve: (late) => {
        this.#stopWaiting(process, waiter);
        this.#count('served after waiting');
        this.#record(process, allowances.length, amount, late);
      },
      reject: ({ reason }) => {
        this.#stopWaiting(process, waiter);
        this.#count(reason);
      },
    };
    if (process.holder.join(waiter)) process.waiters.push(waiter);
  }

  #record(process: Process, limits: number, amount: bigint, taken: Taken): void {
    const leaseIds = taken.leases?.slice(1, -1).split(',') ?? [];
    if (leaseIds.length !== limits) throw new Error(`a call under ${limits} limits is charged to ${taken.leases}`);
    process.open.push({ leaseIds, amount, taken, spent: 0n, unconfirmed: 0n });
    this.#count('taken');
  }

  #settle(): void {
    const process = this.#pick(this.#processes);
    if (process !== undefined) this.#settleOne(process);
  }

  #settleOne(process: Process): void {
    const row = this.#draw(process.open);
    if (row === undefined) return;
    row.spent = this.#amount(Number(row.amount) + 1) - 1n;
    const isKnown = this.#random() < 0.95;
    row.unconfirmed = isKnown ? 0n : this.#amount(Number(row.amount - row.spent) + 1) - 1n;
    this.#enter(process, row);
    row.taken.settle(row.spent, row.unconfirmed);
  }

  #enter({ told }: Process, { leaseIds, spent, unconfirmed }: Row): void {
    for (const id of leaseIds) {
      const before = told.get(id) ?? { spent: 0n, unconfirmed: 0n };
      told.set(id, { spent: before.spent + spent, unconfirmed: before.unconfirmed + unconfirmed });
    }
  }

  #send(): void {
    const process = this.#pick(this.#processes);
    if (process === undefined || process.inFlight !== undefined) return;
    const draft = process.holder.draft(this.#random() < 0.3);
    if (draft === undefined) return;
    process.inFlight = draft;
    const copies = this.#random() < 0.05 ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#network.push({ from: process, draft, answer: undefined });
    this.#count('sent');
  }

  #deliver(): void {
    const message = this.#draw(this.#network);
    if (message === undefined) return;
    const { from, draft, answer } = message;
    if (answer === undefined) {
      if (this.#isDown) return;
      this.#network.push({ from, draft, answer: this.store.exchange(copyOf(draft.request)) });
      return;
    }
    if (from.inFlight !== draft) {
      this.#count('answers too late');
      return;
    }
    from.inFlight = undefined;
    from.holder.heed(draft, answer);
    for (const { state } of answer.leases) this.#count(`answered ${state}`);
  }

  #loseMessage(): void {
    if (this.#draw(this.#network) !== undefined) this.#count('messages lost');
  }

  #timeOut(): void {
    const process = this.#pick(this.#processes.filter(({ inFlight }) => inFlight !== undefined));
    if (process?.inFlight === undefined) return;
    const draft = process.inFlight;
    process.inFlight = undefined;
    process.holder.lost(draft);
    this.#count('timed out');
  }

  #pass(): void {
    const far = this.#random();
    this.#time += this.#below(far < 0.9 ? 3000 : far < 0.99 ? 30_000 : 150_000);
    for (const { holder } of this.#processes) holder.dueIn();
  }

  /** A call waits no longer. */
  #giveUp(): void {
    const process = this.#pick(this.#processes.filter(({ waiters }) => waiters.length > 0));
    const waiter = process && this.#draw(process.waiters);
    if (process === undefined || waiter === undefined) return;
    process.holder.leave(waiter);
    this.#count(process.holder.lack(waiter)?.reason ?? 'could have taken');
  }

  #changeLimit(): void {
    const limit = this.store.limits.get(this.#pick(this.#limitIds) ?? '');
    if (limit === undefined) return;
    limit.amount = (limit.amount * BigInt(50 + this.#below(120))) / 100n + 100n;
    this.#count('limit changed');
  }

  #jump(): void {
    const process = this.#pick(this.#processes);
    if (process === undefined) return;
    process.wallSkew = this.#random() < 0.7 ? this.#below(20_000) - 10_000 : this.#below(1_200_000) - 600_000;
    this.#count('clock jumped');
  }

  /** The process is gone; its journal tells of calls under way no more than that they began. */
  #crash(): void {
    const process = this.#draw(this.#processes);
    if (process === undefined) return;
    for (const row of process.open) row.unconfirmed = row.amount;
    this.#bury(process);
    this.#count('crashed');
  }

  /** The process ends in order, though perhaps without an answer. */
  #stop(): void {
    const process = this.#draw(this.#processes);
    if (process === undefined) return;
    if (process.inFlight !== undefined) process.holder.lost(process.inFlight);
    process.holder.close();
    for (const row of process.open) {
      row.spent = row.amount;
      row.taken.settle(row.spent, 0n);
    }
    if (!this.#isDown) this.#sayLastWords(process);
    this.#bury(process);
    this.#count('stopped');
  }

  #sayLastWords({ holder, name }: Process): void {
    for (let word = 0; word < 10; word += 1) {
      const draft = holder.draft(true);
      if (draft === undefined) return;
      holder.heed(draft, this.store.exchange(draft.request));
    }
    throw new Error(`${name} has more to say after its last word`);
  }

  #bury(process: Process): void {
    for (const row of process.open) this.#enter(process, row);
    process.open.length = 0;
    process.inFlight = undefined;
    this.#dead.push(process);
    this.#beBorn();
  }

  /** Another process has replayed a dead one's journal. */
  #recover(): void {
    const process = this.#draw(this.#dead);
    if (process === undefined) return;
    this.store.close(process.name, (leaseId) => process.told.get(leaseId) ?? { spent: 0n, unconfirmed: 0n });
    this.#checkJournal(process);
    this.#count('recovered');
  }

  #beBorn(): void {
    this.#born += 1;
    const bornAt = this.#time;
    const name = `process ${this.#born}`;
    const holder: LeaseHolder = new LeaseHolder({
      holder: name,
      clocks: {
        steady: () => this.#time - bornAt,
        wall: () => EPOCH + this.#time + process.wallSkew,
      },
      timing: TIMING,
      onSettled: () => {
        holder.serve();
      },
      onActive: () => undefined,
      onTrouble: (error) => {
        throw error;
      },
      onUncovered: () => undefined,
    });
    const allowances = [...this.store.limits.values()].map(({ budgetId, unit }) =>
      holder.limit({ tenantId: TENANT, budgetId, unit, hard: true, whenAway: 'deny' }),
    );
    const process: Process = {
      name,
      holder,
      allowances,
      open: [],
      told: new Map(),
      waiters: [],
      wallSkew: 0,
      inFlight: undefined,
    };
    this.#processes.push(process);
  }

  #stopWaiting({ waiters }: Process, waiter: Waiter): void {
    const index = waiters.indexOf(waiter);
    if (index >= 0) waiters.splice(index, 1);
  }

  #count<T>(what: string, passOn?: T): T {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
    return passOn as T;
  }

  /** From 1 to the highest. */
  #amount(highest: number): bigint {
    return BigInt(1 + this.#below(highest));
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#below(items.length)];
  }

  #draw<T>(items: T[]): T | undefined {
    return items.splice(this.#below(items.length), 1)[0];
  }
}

/** What arrives is not what was sent, but its copy. */
function copyOf(request: ExchangeRequest): ExchangeRequest {
  return { ...request, leases: request.leases.map((lease) => ({ ...lease })) };
}
