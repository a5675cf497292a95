/** What a directory tells all others once it has taken up a tenant's change. */
export interface Heard {
  /** The directory that has. */
  readonly directory: string;
  readonly tenantId: string;
  /** The database's time of the change, of fixed length, so that it can be compared as text. */
  readonly changedAt: string;
}

export function writeHeard({ directory, tenantId, changedAt }: Heard): string {
  return `${directory} ${tenantId} ${changedAt}`;
}

/** Who has heard of a tenant's changes since somebody began to ask. */
export class Hearing {
  readonly #heard = new Map<string, string>();
  #awaited: { readonly changedAt: string; readonly directories: number; readonly resolve: () => void } | undefined;

  note({ directory, changedAt }: Heard): void {
    if (changedAt > (this.#heard.get(directory) ?? '')) this.#heard.set(directory, changedAt);
    this.#look();
  }

  /** @returns whether so many have heard of the change, or of a later one, in the time given. */
  async until(changedAt: string, directories: number, timeoutMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), timeoutMs);
    this.#awaited = { changedAt, directories, resolve: () => resolve(true) };
    this.#look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #look(): void {
    if (!this.#awaited) return;
    const { changedAt, directories, resolve } = this.#awaited;
    let count = 0;
    for (const heard of this.#heard.values()) if (heard >= changedAt) count++;
    if (count >= directories) resolve();
  }
}

/** All hearings of one directory, by tenant. */
export class Hearings {
  readonly #open = new Map<string, Set<Hearing>>();

  /** Notes what a directory has told by `writeHeard`. */
  note(payload: string): void {
    const [directory = '', tenantId = '', changedAt = ''] = payload.split(' ');
    for (const hearing of this.#open.get(tenantId) ?? []) hearing.note({ directory, tenantId, changedAt });
  }

  /** Runs work with a hearing that notes all that is told meanwhile. */
  async during<Result>(tenantId: string, work: (hearing: Hearing) => Promise<Result>): Promise<Result> {
    const hearing = new Hearing();
    const hearings = this.#open.get(tenantId) ?? new Set();
    this.#open.set(tenantId, hearings.add(hearing));
    try {
      return await work(hearing);
    } finally {
      hearings.delete(hearing);
      if (hearings.size === 0) this.#open.delete(tenantId);
    }
  }
}
